package io.fsmigrate.online;

import io.fsmigrate.feature.VersionedGroup;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Keeps the newest record per record identifier of a feature group, for serving.
 *
 * <p>Which record is the newest is said by {@link TieRule}, the same for every store. Stores hold
 * no connection between calls; every method may be called from any thread.
 */
public interface OnlineStore {
  /**
   * Finds out before the first write whether records of the target can be written, and writes
   * nothing: storage reachable and writable, types that the store can hold, and columns of a table
   * that is already there.
   *
   * @param clusterMaster whether writers run in other processes than this one
   * @throws io.fsmigrate.error.FsMigrateException saying what stands in the way
   */
  void check(VersionedGroup target, boolean clusterMaster);

  /**
   * Whether only the driver may write, because workers cannot reach the store. Records then come to
   * the driver bucket by bucket.
   */
  boolean writesFromDriver();

  /**
   * How records of the target are going to be written, found out without changing anything. What is
   * said before {@link #prepare} is kept for a resumed run; {@link #confirm} has the last word.
   *
   * @throws io.fsmigrate.error.FsMigrateException as {@link #check}
   */
  default WriteStrategy plan(VersionedGroup target) {
    return WriteStrategy.FULL;
  }

  /**
   * What to hand to {@link #open}: looked at again, right before the first record that this process
   * writes, since what was planned may no longer hold, least of all for a run that is taken up.
   *
   * @param planned what {@link #plan} said before the run
   * @throws io.fsmigrate.error.FsMigrateException as {@link #check}
   */
  default WriteStrategy confirm(VersionedGroup target, WriteStrategy planned) {
    return planned;
  }

  /** Creates what the target needs and is not there yet; calling it again changes nothing. */
  void prepare(VersionedGroup target);

  /**
   * Whether a writer keeps to {@link WriteContext#maxWorkers} by itself. One that does not has a
   * call in flight at a time, so the caller limits the writers.
   */
  boolean limitsCalls();

  /**
   * Whether a writer within a bucket keeps every other writer of the store waiting, so that it must
   * not itself wait for input.
   */
  default boolean keepsWritersOut() {
    return false;
  }

  /**
   * Refuses from now on what holders with a smaller token than this still want to write. A store
   * that cannot tell writers apart does nothing.
   *
   * @return whether it does, and writers are to be opened with this fence
   * @throws io.fsmigrate.error.FsMigrateException FENCED_OFF_IN_STORE where a holder with a larger
   *     token was here
   */
  default boolean raiseFence(Fence fence) {
    return false;
  }

  /** Opens a writer to a prepared target. */
  RecordWriter open(VersionedGroup target, WriteContext context);

  /**
   * Looks up how many of these records the store has a newer one for. Empty where the store tells
   * that by itself as it is written to, so that nobody needs to ask.
   */
  default Optional<StaleCounts> staleAmong(VersionedGroup target, Iterator<RecordKey> records) {
    return Optional.empty();
  }

  /**
   * The number of records that readers see; 0 where nothing is prepared yet, empty where the store
   * does not tell which records it has.
   */
  OptionalLong count(VersionedGroup target);

  /**
   * Whether there is at least one record that readers see; quicker than to count them. A store that
   * does not tell its records is taken to have some.
   */
  default boolean hasRecords(VersionedGroup target) {
    return count(target).orElse(1) > 0;
  }

  /**
   * Where the records of a target lie, as readers name it: a table, what keys begin with, a feature
   * group. Without the group's version in it where versions share a place.
   */
  default String place(VersionedGroup target) {
    return target.group();
  }

  /** The pointer that serving reads; empty where a store has none and serves what was written. */
  default Optional<ServingPointer> pointer() {
    return Optional.empty();
  }

  /**
   * Hands over the records with these record identifiers, in no particular order. Identifiers that
   * the store does not have are left out.
   *
   * @param ids in the Java type of the record identifier, as {@link OnlineRecord} lists them
   */
  void read(VersionedGroup target, Collection<Object> ids, Consumer<OnlineRecord> records);

  /**
   * Removes every record of the target and keeps what {@link #prepare} made. A store with
   * transactions does it in one step.
   *
   * @return how many there were
   * @throws io.fsmigrate.error.FsMigrateException also where the store does not tell which records
   *     it has
   */
  long clear(VersionedGroup target);
}
