package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureCausesTest {
  private final FailureCauses causes = new FailureCauses();

  @Test
  void theMostFrequentReasonOfAStoreIsFirst() {
    causes.add("online", "CONSTRAINT", "too long");
    causes.add("offline", "CAST", "not a number");
    causes.add("offline", "CAST", "too large");
    causes.add("offline", "CAST", "too large");

    assertThat(causes.summary(4))
        .isEqualTo(
            new FailureSummary(
                4,
                4,
                List.of(
                    cause("offline", "CAST", "too large", 2),
                    cause("offline", "CAST", "not a number", 1),
                    cause("online", "CONSTRAINT", "too long", 1))));
  }

  @Test
  void rarerReasonsAreOne() {
    int many = FailureCauses.MOST_TOLD_APART + 500;
    for (int i = 0; i < many; i++) {
      causes.add("offline", "CAST", "value " + i);
      causes.add("offline", "CAST", "value 3");
    }

    FailureSummary summary = causes.summary(10_000);

    assertThat(summary.records()).isEqualTo(10_000);
    assertThat(summary.looked()).isEqualTo(2L * many);
    assertThat(summary.causes()).hasSize(FailureCauses.MOST_NAMED + 1);
    assertThat(summary.causes().get(0)).isEqualTo(cause("offline", "CAST", "value 3", many + 1));
    FailureSummary.Cause rest = summary.causes().get(FailureCauses.MOST_NAMED);
    assertThat(rest.reason()).isEmpty();
    assertThat(summary.causes().stream().mapToLong(FailureSummary.Cause::records).sum())
        .isEqualTo(2L * many);
  }

  private static FailureSummary.Cause cause(String store, String code, String reason, long n) {
    return new FailureSummary.Cause(store, code, Optional.of(reason), n);
  }
}
