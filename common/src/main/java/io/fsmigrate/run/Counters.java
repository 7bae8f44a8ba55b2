package io.fsmigrate.run;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Names of the counters of units and runs, and how they are summed. */
public final class Counters {
  /** Rows that the source delivered, after pushdown. */
  public static final String READ = "read";

  /** Rows that the filter query let the source leave unread, by its statistics. */
  public static final String SKIPPED = "skipped";

  /** Rows left out by the filter query or by a migration's filter. */
  public static final String FILTERED = "filtered";

  /** Rows that failed a check, or records that an online store refused. */
  public static final String FAILED = "failed";

  /** Rows that satisfy the contract. */
  public static final String ACCEPTED = "accepted";

  /** Failed records of another run that were tried again. */
  public static final String RETRIED = "retried";

  /** Rows that the run's table gained, or records that an online store holds now. */
  public static final String WRITTEN = "written";

  /** Rows that the target had already, equal in every feature. */
  public static final String UNCHANGED = "unchanged";

  /** Rows that the source's statistics promise; negative where they are missing. */
  public static final String EXPECTED = "expected";

  /** Rows that lie in files which cannot be read, by the source's statistics. */
  public static final String UNREADABLE = "unreadable";

  /** Files that cannot be read, and of which nobody knows how many rows they hold. */
  public static final String UNREADABLE_FILES = "unreadable-files";

  /** Rows that a step took away without being allowed to. */
  public static final String UNEXPLAINED = "unexplained";

  /** Records: the newest rows of their record identifiers. */
  public static final String NEWEST = "newest";

  /** Rows that are older than the newest of their record identifier. */
  public static final String SUPERSEDED = "superseded";

  /** Records that an online store did not take because it has a newer one. */
  public static final String STALE = "stale";

  /**
   * Records that were handed over and of which the online store does not tell whether it took them.
   */
  public static final String SUBMITTED = "submitted";

  /** Records that an online store had before its target was cleared. */
  public static final String CLEARED = "cleared";

  private Counters() {}

  /** The sum, counter by counter. */
  public static Map<String, Long> sum(Collection<Map<String, Long>> parts) {
    Map<String, Long> sum = new TreeMap<>();
    parts.forEach(part -> part.forEach((name, value) -> sum.merge(name, value, Long::sum)));
    return sum;
  }

  /** One counter; 0 where it was never counted. */
  public static long get(Map<String, Long> counters, String name) {
    return counters.getOrDefault(name, 0L);
  }
}
