package io.fsmigrate.run;

/** Where a run stands. */
public enum RunState {
  /**
   * A process works on it. Likely cause if it stays so: the process was killed; then its owner is
   * gone and the run can be resumed.
   */
  RUNNING(
      "running",
      true,
      "a process works on it, or was killed while it did",
      "wait for it; if its process is gone, resume the run"),
  /** Everything was written and nothing is left over. */
  FINISHED("finished", false, "everything was written", "nothing to do"),
  /** Everything that could be written was; the rest are failed records. */
  FINISHED_WITH_FAILURES(
      "finished with failures",
      true,
      "some records do not satisfy the contract or were refused by a store",
      "look at the failed records, repair the cause, then retry them or resume the run"),
  /** A verification that found differences. */
  FINISHED_WITH_DIFFERENCES(
      "finished with differences",
      false,
      "what is there is not what it should be",
      "look at the differing rows in its report, repair the cause, then verify again"),
  /** There were more failed records than allowed. */
  STOPPED(
      "stopped",
      true,
      "more records failed than --max-failures allows",
      "look at the failed records, repair the cause or raise --max-failures, then resume the run"),
  /** An error ended it; what was done is kept. */
  FAILED(
      "failed",
      true,
      "a store or service stayed unavailable, or something unexpected happened",
      "read the message, repair the cause, then resume the run"),
  /** A person or scheduler ended it; what was done is kept. */
  INTERRUPTED(
      "interrupted",
      true,
      "the process was asked to end, by Ctrl-C or by a scheduler",
      "resume the run"),
  /** Somebody gave it up; its target is free for other runs. */
  ABANDONED(
      "abandoned", false, "its lock was taken away after its process was gone", "start a new run");

  private final String text;
  private final boolean resumable;
  private final String likelyCause;
  private final String whatToDo;

  RunState(String text, boolean resumable, String likelyCause, String whatToDo) {
    this.text = text;
    this.resumable = resumable;
    this.likelyCause = likelyCause;
    this.whatToDo = whatToDo;
  }

  /** The state as people read it. */
  public String text() {
    return text;
  }

  /** Whether a later process can go on where the run ended. */
  public boolean resumable() {
    return resumable;
  }

  /** Why a run is usually in this state. */
  public String likelyCause() {
    return likelyCause;
  }

  /** What a person does about it. */
  public String whatToDo() {
    return whatToDo;
  }
}
