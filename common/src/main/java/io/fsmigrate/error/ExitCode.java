package io.fsmigrate.error;

/** What a command tells the scheduler that started it. */
public enum ExitCode {
  /** Done, nothing left over. */
  OK(0),
  /** An unexpected error: a defect of this program. */
  DEFECT(1),
  /** A usage, configuration or definition error; nothing was written. */
  USAGE(2),
  /** Finished, and some records failed; they are in the failed-record output. */
  RECORDS_FAILED(3),
  /** Refused because of the state of the world (schema, lock, stale plan); nothing was written. */
  REFUSED(4),
  /** A verification found differences. */
  DIFFERENCES(5),
  /** A store or service stayed unavailable after retries; the run can be resumed. */
  UNAVAILABLE(6),
  /**
   * Stopped with more failures than allowed; it can be resumed. Readers see nothing of it unless it
   * was an online store that refused records: its branch shows the run's rows by then.
   */
  TOO_MANY_FAILURES(7),
  /** Interrupted; the checkpoint is written. */
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The process exit code. */
  public int code() {
    return code;
  }
}
