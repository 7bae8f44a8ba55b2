package io.fsmigrate.emulator;

/** Decides about single records of a call: faults, quotas and permissions. */
@FunctionalInterface
public interface RecordPolicy {
  /** Lets everything pass. */
  RecordPolicy NONE = (group, identifier, units, write) -> Verdict.PASS;

  /**
   * The verdict about one record.
   *
   * @param units write units or read units that it costs
   * @param write whether it is written or read
   */
  Verdict judge(String group, String identifier, int units, boolean write);

  /** Hears of an entry of a batch that failed for another reason. */
  default void entryFailed() {}

  /**
   * What happens to a record.
   *
   * @param error null when it passes
   * @param unprocessed whether a batch hands it back instead of reporting the error
   */
  record Verdict(ServiceException error, boolean unprocessed) {
    /** Nothing happens to it. */
    public static final Verdict PASS = new Verdict(null, false);

    /** A batch hands it back; a single call is throttled. */
    public static Verdict handBack() {
      return new Verdict(ServiceException.throttled(), true);
    }

    /** It fails. */
    public static Verdict fail(ServiceException error) {
      return new Verdict(error, false);
    }

    /** Throws the error, if there is one: for calls about one record. */
    public void orThrow() {
      if (error != null) {
        throw error;
      }
    }
  }
}
