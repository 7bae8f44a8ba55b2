package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.WriteStrategy;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One of the stores that are written side by side: which of its units are done, and its end. */
final class StoreUnits {
  /** The unit that comes before all buckets. */
  private static final String CLEARED = "cleared";

  private final OnlineStoreDefinition definition;
  private final Plan.OnlineTarget planned;
  private final Map<String, Map<String, Long>> done = new ConcurrentHashMap<>();
  private volatile WriteStrategy strategy;
  private volatile Fence fence = Fence.NONE;
  private Optional<FsMigrateException> outage = Optional.empty();

  /**
   * @param planned how many buckets there are, how they are written, and whether what is there goes
   *     first
   */
  StoreUnits(OnlineStoreDefinition definition, Plan.OnlineTarget planned) {
    this.definition = definition;
    this.planned = planned;
    this.strategy = planned.strategy();
  }

  static String unit(int bucket) {
    return String.format(Locale.ROOT, "b%04d", bucket);
  }

  OnlineStoreDefinition definition() {
    return definition;
  }

  Plan.OnlineTarget planned() {
    return planned;
  }

  /** Decides, before the first record is written, how that is done. */
  void writesBy(WriteStrategy confirmed) {
    strategy = confirmed;
  }

  /** Decides by what its writers are told from those of an earlier process. */
  void fencedBy(Fence raised) {
    fence = raised;
  }

  Fence fence() {
    return fence;
  }

  WriteStrategy strategy() {
    return strategy;
  }

  String name() {
    return definition.name();
  }

  void done(Map<String, Map<String, Long>> units) {
    done.putAll(units);
  }

  Map<String, Map<String, Long>> done() {
    return done;
  }

  static Map<String, Map<String, Long>> cleared(long records) {
    return Map.of(CLEARED, Map.of(Counters.CLEARED, records));
  }

  boolean isToBeCleared() {
    return planned.clears().isPresent() && !done.containsKey(CLEARED);
  }

  /** The buckets that are not done. */
  BitSet open() {
    BitSet open = new BitSet();
    for (int bucket = 0; bucket < planned.units(); bucket++) {
      open.set(bucket, !done.containsKey(unit(bucket)));
    }
    return open;
  }

  /** Whether there is something to do that can be done. */
  boolean isWanting() {
    return outage.isEmpty() && !open().isEmpty();
  }

  /** The counters of the units that are done so far, summed. */
  Map<String, Long> counted() {
    return Counters.sum(done.values());
  }

  /** Takes the store out of the run; a resumed one goes on with it. */
  void end(FsMigrateException why) {
    outage = Optional.of(why);
  }

  /** Why the store was taken out. */
  Optional<FsMigrateException> outage() {
    return outage;
  }
}
