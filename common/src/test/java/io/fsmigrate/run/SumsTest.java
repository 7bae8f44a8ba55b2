package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SumsTest {
  private static final Map<String, Long> OFFLINE =
      Map.of(
          "expected", 100L,
          "read", 100L,
          "filtered", 10L,
          "failed", 5L,
          "accepted", 85L,
          "unchanged", 25L,
          "unexplained", 0L);
  private static final Map<String, Long> ONLINE =
      Map.of("newest", 40L, "superseded", 45L, "written", 30L, "stale", 7L, "failed", 3L);

  @Test
  void whatAddsUpPasses() {
    assertThatCode(
            () ->
                new Sums(false).offline(OFFLINE, true, 60, 5).online("redis", ONLINE, 85).require())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expected    | offline: rows by the source's statistics = read does not hold: 101 against"
            + " 100",
        "filtered    | offline: read = filtered + failed + accepted does not hold: 100 against 101",
        "unexplained | offline: rows lost within a migration = none does not hold: 1 against 0",
        "unchanged   | offline: accepted = written + unchanged does not hold: 85 against 86"
      })
  void aCounterThatIsOffByOneBreaksItsSumOnly(String counter, String message) {
    assertThatThrownBy(
            () -> new Sums(false).offline(plusOne(OFFLINE, counter), true, 60, 5).require())
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("SUMS_DO_NOT_ADD_UP");
              assertThat(e.exitCode()).isEqualTo(ExitCode.DEFECT);
            })
        .hasMessageStartingWith("sums: " + message + "; readers see nothing");
  }

  @ParameterizedTest
  @CsvSource({"read", "failed", "accepted"})
  void aTermOfTwoSumsBreaksBothAndBothAreNamed(String counter) {
    assertThatThrownBy(
            () -> new Sums(false).offline(plusOne(OFFLINE, counter), true, 60, 5).require())
        .hasMessageContaining("offline: read = filtered + failed + accepted does not hold")
        .satisfies(
            e ->
                assertThat(e.getMessage().split("does not hold", -1))
                    .as(e.getMessage())
                    .hasSize(3));
  }

  @Test
  void theLogsAreHeldAgainstTheCounts() {
    assertThatThrownBy(() -> new Sums(false).offline(OFFLINE, true, 59, 5).require())
        .hasMessageContaining("accepted = written + unchanged does not hold: 85 against 84");
    assertThatThrownBy(() -> new Sums(false).offline(OFFLINE, true, 60, 4).require())
        .hasMessageContaining("failed = failed records kept does not hold: 5 against 4");
  }

  @Test
  void statisticsCountOnlyWhereEverythingIsRead() {
    assertThatCode(
            () -> new Sums(false).offline(plusOne(OFFLINE, "expected"), false, 60, 5).require())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "superseded | online: rows of the table = newest + superseded does not hold: 85 against 86",
        "written    | online: newest = written + submitted + stale + failed does not hold: 40 against 41",
        "stale      | online: newest = written + submitted + stale + failed does not hold: 40 against 41",
        "failed     | online: newest = written + submitted + stale + failed does not hold: 40 against 41"
      })
  void anOnlineSumNamesItsStore(String counter, String message) {
    assertThatThrownBy(
            () -> new Sums(false).online("online", plusOne(ONLINE, counter), 85).require())
        .hasMessageStartingWith("sums: " + message + ";");
  }

  @Test
  void countersAreSummedByName() {
    assertThat(Counters.sum(List.of(Map.of("read", 1L, "failed", 2L), Map.of("read", 10L))))
        .isEqualTo(Map.of("read", 11L, "failed", 2L));
    assertThat(Counters.sum(List.of())).isEmpty();
    assertThat(Counters.get(Map.of(), Counters.READ)).isZero();
  }

  private static Map<String, Long> plusOne(Map<String, Long> counters, String counter) {
    Map<String, Long> changed = new HashMap<>(counters);
    changed.merge(counter, 1L, Long::sum);
    return changed;
  }
}
