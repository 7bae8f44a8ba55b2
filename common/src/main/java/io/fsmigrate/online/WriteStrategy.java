package io.fsmigrate.online;

import java.io.Serializable;
import java.util.List;

/**
 * How a store is going to be written, for a plan. It is decided before {@link OnlineStore#prepare},
 * which may change what the decision rests on, and holds for the whole run.
 *
 * @param mode what a record's writing does
 * @param added in mode {@link Mode#UPDATE} the features that stored records lack; none otherwise
 * @param reason why so, for people
 */
public record WriteStrategy(Mode mode, List<String> added, String reason) implements Serializable {
  /** What writing a record does to the one that is stored. */
  public enum Mode {
    /** It is replaced as a whole where the new one is newer. */
    FULL,
    /** Features are added to it where its event time is the same; otherwise as {@link #FULL}. */
    UPDATE,
    /** There is none: records are put without a comparison. */
    LOAD
  }

  /** Whole records, where nothing else was asked for. */
  public static final WriteStrategy FULL =
      new WriteStrategy(Mode.FULL, List.of(), "records are replaced as a whole");

  public WriteStrategy {
    added = List.copyOf(added);
  }

  /** Whole records, for that reason. */
  public static WriteStrategy full(String reason) {
    return new WriteStrategy(Mode.FULL, List.of(), reason);
  }
}
