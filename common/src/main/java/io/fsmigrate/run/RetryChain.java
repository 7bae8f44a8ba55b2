package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A run and the retries of it that have ended. What fails in a retry again is of the same run: one
 * name is enough for all of them.
 *
 * @param run the run that was retried
 * @param retries of it, oldest first
 */
public record RetryChain(String run, List<String> retries) {
  public RetryChain {
    retries = List.copyOf(retries);
  }

  /**
   * The chain that a run is in.
   *
   * @param run the first of it, or a retry
   * @throws FsMigrateException UNKNOWN_RUN
   */
  public static RetryChain of(Ledger ledger, String run) {
    RunRecord named = ledger.find(run).orElseThrow(() -> RunErrors.unknownRun(run));
    String first = named.command().equals(Retrier.COMMAND) ? named.source() : named.id();
    return new RetryChain(
        first,
        ledger.list(Integer.MAX_VALUE).stream()
            .filter(each -> each.command().equals(Retrier.COMMAND) && each.source().equals(first))
            .filter(each -> hasEnded(each.state()))
            .map(RunRecord::id)
            .sorted(Comparator.naturalOrder())
            .toList());
  }

  /** Whether everything was tried that there was. */
  static boolean hasEnded(RunState state) {
    return state == RunState.FINISHED || state == RunState.FINISHED_WITH_FAILURES;
  }

  /** All runs that may have failed records, oldest first. */
  public List<String> runs() {
    List<String> runs = new ArrayList<>(List.of(run));
    runs.addAll(retries);
    return runs;
  }

  /** The newest of them. */
  Optional<String> newest() {
    return retries.isEmpty() ? Optional.empty() : Optional.of(retries.get(retries.size() - 1));
  }
}
