package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of every store, by a real PostgreSQL; its text has no character U+0000. */
class PostgresOnlineStoreContractTest extends OnlineStoreContract {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  @BeforeEach
  void startAnew() {
    SharedPostgres.emptySchema();
  }

  @Override
  OnlineStore store() {
    return SharedPostgres.store(Map.of());
  }

  @Override
  boolean canHold(Object value) {
    return !(value instanceof String text) || text.indexOf('\0') < 0;
  }

  @Test
  void whatPostgresCannotHoldFailsAlone() {
    var target = OnlineTargets.of("note", "string", "day", "date");
    WriteOutcome outcome =
        write(
            target,
            OnlineRecord.of("nul", NOON, "a\0b", null),
            OnlineRecord.of("fine", NOON.plusNanos(1), null, null),
            OnlineRecord.of("late", Instant.parse("+300000-01-01T00:00:00Z"), null, null),
            OnlineRecord.of("day", NOON, null, java.time.LocalDate.of(-5000, 1, 1)),
            OnlineRecord.of("k".repeat(2_693), NOON, null, null),
            OnlineRecord.of("k".repeat(2_692), NOON, "good", null));

    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code())
        .containsExactly(
            "0 INVALID_TEXT", "1 OUT_OF_TYPE", "2 OUT_OF_TYPE", "3 OUT_OF_TYPE", "4 TOO_LARGE");
    assertThat(outcome.failed().get(0).reason()).contains("note", "U+0000", "place 1");
    assertThat(outcome.failed().get(3).reason()).contains("day", "4714 BC");
    assertThat(outcome.written()).isEqualTo(1);
    assertThat(content(target, "nul", "a\0b", "k".repeat(2_692)))
        .extracting(r -> r.values().get(2))
        .isEqualTo(List.of("good"));
  }
}
