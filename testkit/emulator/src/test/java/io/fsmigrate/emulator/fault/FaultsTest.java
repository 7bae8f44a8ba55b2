package io.fsmigrate.emulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.emulator.JsonOperation;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy.Verdict;
import io.fsmigrate.emulator.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final MovingClock clock = new MovingClock();
  private final Faults faults = new Faults(clock);

  private static final class MovingClock extends Clock {
    private long millis = 1_000_000;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }
  }

  private void set(String... rules) {
    String json = "{\"rules\":[" + String.join(",", rules) + "]}";
    faults.set(Json.read(json.getBytes(StandardCharsets.UTF_8), Faults.Settings.class));
  }

  private static Operation call(String operation, String... groups) {
    return new JsonOperation(operation, List.of(groups), false, () -> null);
  }

  private String outcome(String operation, String... groups) {
    Faults.CallFate fate = faults.decide(call(operation, groups));
    return fate.error() == null ? "ok" : fate.error().code();
  }

  @Test
  void actsOnMatchingCallsOnly() {
    set(
        "{\"operation\":\"PutRecord\",\"group\":\"g\",\"errorShare\":1,\"status\":503,\"code\":\"ServiceUnavailable\"}");
    assertThat(outcome("PutRecord", "g")).isEqualTo("ServiceUnavailable");
    assertThat(outcome("PutRecord", "h")).isEqualTo("ok");
    assertThat(outcome("GetRecord", "g")).isEqualTo("ok");
    set("{\"throttleShare\":1,\"operation\":\"*\"}");
    assertThat(outcome("GetRecord", "h")).isEqualTo("ThrottlingException");
  }

  @Test
  void beginsAndEnds() {
    set("{\"throttleShare\":1,\"afterCalls\":2,\"forCalls\":1}");
    assertThat(List.of(outcome("A"), outcome("A"), outcome("A"), outcome("A")))
        .containsExactly("ok", "ok", "ThrottlingException", "ok");
    set("{\"throttleShare\":1,\"forMillis\":100}");
    assertThat(outcome("A")).isEqualTo("ThrottlingException");
    clock.millis += 100;
    assertThat(outcome("A")).isEqualTo("ok");
    set("{\"expiredTokenAfterCalls\":1}");
    assertThat(List.of(outcome("A"), outcome("A"))).containsExactly("ok", "ExpiredTokenException");
  }

  @Test
  void sharesAreMetAndRepeatable() {
    String rule =
        "{\"throttleShare\":0.2,\"seed\":7,\"latencyMillis\":5,\"latencyJitterMillis\":10}";
    List<List<String>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      set(rule);
      List<String> outcomes = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        Faults.CallFate fate = faults.decide(call("A"));
        outcomes.add(fate.latencyMillis() + (fate.error() == null ? "" : "!"));
        assertThat(fate.latencyMillis()).isBetween(5L, 15L);
      }
      runs.add(outcomes);
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
    assertThat(runs.get(0).stream().filter(outcome -> outcome.endsWith("!")).count())
        .isBetween(320L, 480L);
  }

  @Test
  void judgesRecords() {
    set(
        "{\"poisonIdentifiers\":[\"bad\"]}",
        "{\"operation\":\"BatchWriteRecord\",\"group\":\"h\",\"unprocessedShare\":1}");
    Faults.CallFate batch = faults.decide(call("BatchWriteRecord", "g", "h"));
    assertThat(batch.judge("g", "bad", 1, true).error().code()).isEqualTo("ValidationError");
    assertThat(batch.judge("g", "good", 1, true)).isEqualTo(Verdict.PASS);
    assertThat(batch.judge("h", "good", 1, true).unprocessed()).isTrue();
    assertThat(batch.failed()).isEqualTo(1);
    assertThat(batch.handedBack()).isEqualTo(1);
  }

  @Test
  void deniesByOperationAndGroup() {
    faults.deny(List.of(new Denial("PutRecord", "g", null)));
    assertThat(outcome("PutRecord", "g")).isEqualTo("AccessDeniedException");
    assertThat(outcome("BatchWriteRecord", "g")).isEqualTo("ok");
    Faults.CallFate batch = faults.decide(call("BatchWriteRecord", "g", "h"));
    assertThat(batch.judge("g", "a", 1, true).error().code()).isEqualTo("AccessForbidden");
    assertThat(batch.judge("h", "a", 1, true)).isEqualTo(Verdict.PASS);
  }

  @Test
  void quotasHoldInEverySecond() {
    faults.limit(
        Json.read(
            "{\"callsPerSecond\":{\"A\":3},\"writeUnitsPerSecond\":5,\"writeUnitsPerIdentifier\":2}"
                .getBytes(StandardCharsets.UTF_8),
            QuotaSettings.class));
    int admitted = 0;
    for (int i = 0; i < 1000; i += 10, clock.millis += 10) {
      admitted += outcome("A").equals("ok") ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(3);
    assertThat(outcome("A")).as("a second after the first").isEqualTo("ok");
    Faults.CallFate fate = faults.decide(call("B", "g"));
    assertThat(fate.judge("g", "a", 2, true)).isEqualTo(Verdict.PASS);
    assertThat(fate.judge("g", "a", 1, true).unprocessed()).as("the identifier's").isTrue();
    assertThat(fate.judge("g", "b", 2, true)).isEqualTo(Verdict.PASS);
    assertThat(fate.judge("g", "c", 2, true).unprocessed()).as("the group's").isTrue();
    assertThat(fate.judge("h", "c", 2, true)).isEqualTo(Verdict.PASS);
    clock.millis += 1000;
    assertThat(fate.judge("g", "c", 2, true)).isEqualTo(Verdict.PASS);
  }

  @Test
  void refusesImpossibleRules() {
    assertThatThrownBy(() -> set("{\"throttleShare\":1.5}")).hasMessageContaining("0 to 1");
    assertThatThrownBy(() -> set("{\"throtleShare\":1}")).hasMessageContaining("throtleShare");
  }

  @Test
  void queryFaultsAreSpent() {
    faults.set(new Faults.Settings(null, new AthenaFaults("why", null, 10L, true)));
    AthenaFaults first = faults.nextQuery(false);
    assertThat(first.failNextQuery()).isEqualTo("why");
    AthenaFaults second = faults.nextQuery(true);
    assertThat(second.failNextQuery()).isNull();
    assertThat(second.halfUnload()).as("waits for an UNLOAD").isTrue();
    assertThat(faults.nextQuery(true)).isEqualTo(new AthenaFaults(null, null, 10L, null));
  }
}
