package io.fsmigrate.online.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.SharedDynamoDb;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.testkit.DynamoDbProxy;
import io.fsmigrate.testkit.DynamoDbProxy.Reply;
import io.fsmigrate.testkit.Relay;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong between a writer and a real server. */
class DynamoDbFaultsTest {
  private static final VersionedGroup TARGET = DynamoDbTargets.of("v", "int");
  private static final Set<String> DATA = Set.of("PutItem", "BatchWriteItem");

  private DynamoDbProxy proxy;
  private Relay relay;

  @BeforeEach
  void start() {
    SharedDynamoDb.empty();
    proxy = DynamoDbProxy.to(SharedDynamoDb.endpoint());
    relay = Relay.to(SharedDynamoDb.endpoint());
  }

  @AfterEach
  void stop() {
    relay.close();
    proxy.close();
    SharedDynamoDb.useLocalKeys();
  }

  private static OnlineStore store(URI address, String... settings) {
    return SharedDynamoDb.store(address, settings);
  }

  private static FsMigrateException failure(Runnable work) {
    return catchThrowableOfType(FsMigrateException.class, work::run);
  }

  private static void write(OnlineStore store, int records) {
    DynamoDbTargets.write(store, TARGET, DynamoDbTargets.records(records));
  }

  @ParameterizedTest
  @CsvSource({
    "ProvisionedThroughputExceededException, never",
    "ThrottlingException, never",
    "RequestLimitExceeded, never",
    "ProvisionedThroughputExceededException, auto"
  })
  void twoOfFiveThrottledCallsAreNoFailures(String code, String batches) {
    OnlineStore store =
        store(proxy.address(), "batch-write", batches, "unavailable-after", "5 minutes");
    store.prepare(TARGET);
    WriteStrategy strategy = store.confirm(TARGET, WriteStrategy.FULL);
    proxy.answer(
        call ->
            DATA.contains(call.operation()) && call.number() % 5 < 2
                ? Optional.of(Reply.error(400, code, "The level of throughput was exceeded"))
                : Optional.empty());

    WriteOutcome outcome =
        DynamoDbTargets.write(store, TARGET, strategy, DynamoDbTargets.records(60));

    assertThat(outcome).isEqualTo(new WriteOutcome(60, 0, List.of()));
    assertThat(store.count(TARGET)).hasValue(60);
    assertThat(CallGates.observed().get(new GateKey("run", "serving", "flights")).throttled())
        .isPositive();
  }

  @Test
  void slowAnswersAreWaitedForSideBySide() {
    OnlineStore store = store(proxy.address(), "unavailable-after", "30 seconds");
    store.prepare(TARGET);
    proxy.delay(Duration.ofMillis(500));

    WriteOutcome outcome =
        DynamoDbTargets.write(store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(32));

    assertThat(outcome).isEqualTo(new WriteOutcome(32, 0, List.of()));
  }

  @Test
  void aServerThatIsAwayAtTheStartEndsTheCheckAfterAWhile() {
    relay.refuse();

    FsMigrateException away =
        failure(() -> store(relay.address(), "unavailable-after", "1 second").check(TARGET, false));

    assertThat(away.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(away.code()).isEqualTo("AWS_UNAVAILABLE");
    assertThat(away).hasMessageContaining(relay.address().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"never", "auto"})
  void anOutageInTheMiddleIsWaitedFor(String batches) {
    OnlineStore store =
        store(
            relay.address(),
            "unavailable-after",
            "60 seconds",
            "call-timeout",
            "2 seconds",
            "batch-write",
            batches);
    store.prepare(TARGET);
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer =
        store.open(TARGET, DynamoDbTargets.context(store.confirm(TARGET, WriteStrategy.FULL)))) {
      writer.write(DynamoDbTargets.records(50), outcomes::add);
      relay.refuse();
      writer.write(DynamoDbTargets.records(100).subList(50, 100), outcomes::add);
      relay.restore();
      writer.commit();
    }

    assertThat(outcomes)
        .containsExactly(new WriteOutcome(50, 0, List.of()), new WriteOutcome(50, 0, List.of()));
    assertThat(store.count(TARGET)).hasValue(100);
  }

  @Test
  void aServerThatStaysAwayEndsTheWriter() {
    OnlineStore store = store(relay.address(), "unavailable-after", "1 second");
    store.prepare(TARGET);
    relay.refuse();

    FsMigrateException away =
        failure(
            () ->
                DynamoDbTargets.write(
                    store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(5)));

    assertThat(away.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(away.code()).isEqualTo("AWS_UNAVAILABLE");
    assertThat(Connections.open()).isZero();
  }

  @Test
  void aCallWithoutAReplyIsMadeAgain() {
    OnlineStore store =
        store(relay.address(), "unavailable-after", "60 seconds", "call-timeout", "1 second");
    store.prepare(TARGET);
    List<WriteOutcome> outcomes = new ArrayList<>();
    relay.swallow();
    try (RecordWriter writer = store.open(TARGET, DynamoDbTargets.context(WriteStrategy.FULL))) {
      writer.write(DynamoDbTargets.records(5), outcomes::add);
      relay.restore();
      writer.commit();
    }

    assertThat(outcomes).containsExactly(new WriteOutcome(5, 0, List.of()));
  }

  @Test
  void keysThatTheServerDoesNotKnowEndTheCheckAtOnce() {
    SharedDynamoDb.useKeys("no-such-key");

    FsMigrateException refused =
        failure(
            () -> store(relay.address(), "unavailable-after", "10 minutes").check(TARGET, false));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.code()).isEqualTo("AWS_CREDENTIALS_REJECTED");
    assertThat(refused).hasMessageNotContaining("no-such-key");
  }

  @Test
  void aRoleThatMayNotWriteIsToldBeforeTheFirstRecord() {
    OnlineStore store = store(proxy.address());
    store.prepare(TARGET);
    proxy.answer(
        call ->
            call.operation().equals("PutItem")
                ? Optional.of(
                    Reply.error(400, "AccessDeniedException", "not authorized to PutItem"))
                : Optional.empty());

    FsMigrateException refused = failure(() -> store.check(TARGET, false));

    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.code()).isEqualTo("AWS_ACCESS_DENIED");
    assertThat(refused).hasMessageContaining("write to table flights-1.0.0");
  }

  @Test
  void sessionsThatExpireAndTablesThatGoEndTheWriter() {
    OnlineStore store = store(proxy.address());
    store.prepare(TARGET);
    proxy.answer(
        call -> Optional.of(Reply.error(400, "ExpiredTokenException", "The token has expired")));
    FsMigrateException expired =
        failure(
            () ->
                DynamoDbTargets.write(
                    store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(5)));
    proxy.answer(call -> Optional.empty());
    SharedDynamoDb.empty();
    FsMigrateException gone =
        failure(
            () ->
                DynamoDbTargets.write(
                    store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(5)));

    assertThat(expired.code()).isEqualTo("AWS_CREDENTIALS_EXPIRED");
    assertThat(expired.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(gone.code()).isEqualTo("DYNAMODB_TABLE_NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "400, TransactionConflictException",
    "400, ReplicatedWriteConflictException",
    "500, InternalServerError",
    "503, ServiceUnavailable"
  })
  void whatPassesIsTriedAgain(int status, String code) {
    OnlineStore store = store(proxy.address());
    store.prepare(TARGET);
    proxy.answer(
        call ->
            call.operation().equals("PutItem") && call.number() % 3 == 1
                ? Optional.of(Reply.error(status, code, "for now"))
                : Optional.empty());

    assertThat(DynamoDbTargets.write(store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(9)))
        .isEqualTo(new WriteOutcome(9, 0, List.of()));
  }

  /** Somebody else puts a record between the answer that told of a tie and the next call. */
  @Test
  void aTieThatChangesMeanwhileIsJudgedAnew() {
    OnlineStore store = store(proxy.address());
    write(store, 3);
    OnlineStore other = SharedDynamoDb.store();
    long first = proxy.calls("PutItem") + 2;
    proxy.answer(
        call -> {
          if (call.operation().equals("PutItem") && call.number() == first) {
            DynamoDbTargets.write(
                other,
                TARGET,
                WriteStrategy.FULL,
                List.of(OnlineRecord.of("k1", DynamoDbTargets.NOON, 50)));
          }
          return Optional.empty();
        });

    WriteOutcome outcome =
        DynamoDbTargets.write(
            store,
            TARGET,
            WriteStrategy.FULL,
            List.of(OnlineRecord.of("k1", DynamoDbTargets.NOON, 40)));

    assertThat(outcome).isEqualTo(new WriteOutcome(0, 1, List.of()));
    assertThat(proxy.calls("PutItem")).isEqualTo(first);
    assertThat(DynamoDbTargets.read(store, TARGET, List.of("k1")).get(0).values().get(2))
        .isEqualTo(50);
  }
}
