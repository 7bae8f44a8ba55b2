package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.Serializable;
import java.util.List;

/**
 * What became of one bucket, which goes to several stores.
 *
 * @param results of the stores that have it
 * @param failures of those that do not
 */
record BucketOutcome(List<BucketResult> results, List<StoreFailure> failures)
    implements Serializable {
  /**
   * A store that took no more. What a driver says came with it stays where it happened: not all of
   * that can travel.
   */
  record StoreFailure(String store, ExitCode exitCode, String code, String message)
      implements Serializable {
    /** Anything but an exception of ours is a defect. */
    static StoreFailure of(String store, Throwable failure) {
      FsMigrateException known =
          failure instanceof FsMigrateException told ? told : RunErrors.defectOf(store, failure);
      return new StoreFailure(store, known.exitCode(), known.code(), known.getMessage());
    }

    FsMigrateException exception() {
      return RunErrors.toldByTask(exitCode, code, message);
    }
  }
}
