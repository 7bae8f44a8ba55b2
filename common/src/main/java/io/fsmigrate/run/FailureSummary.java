package io.fsmigrate.run;

import java.util.List;
import java.util.Optional;

/**
 * Why records of a run failed.
 *
 * @param records how many have failed, by the run's counters
 * @param looked how many of them the causes were counted from; fewer where there are very many
 * @param causes by store, the most frequent first
 */
public record FailureSummary(long records, long looked, List<Cause> causes) {
  /** Of a run of which nobody looked at failed records. */
  public static final FailureSummary NONE = new FailureSummary(0, 0, List.of());

  public FailureSummary {
    causes = List.copyOf(causes);
  }

  /**
   * Records that failed alike.
   *
   * @param store {@code offline}, or the online store's name
   * @param code as failed records have it
   * @param reason in words; empty for all the rarer reasons of that store and code together
   */
  public record Cause(String store, String code, Optional<String> reason, long records) {}
}
