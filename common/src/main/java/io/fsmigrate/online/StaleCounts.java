package io.fsmigrate.online;

/**
 * How event times of records compare with those that a store holds.
 *
 * @param missing records that the store does not have
 * @param older the store has them with an older event time
 * @param equal with the same event time
 * @param newer with a newer event time: a write of ours would be stale
 */
public record StaleCounts(long missing, long older, long equal, long newer) {
  /** All of them. */
  public long total() {
    return missing + older + equal + newer;
  }
}
