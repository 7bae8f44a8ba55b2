package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What became of the units on their way to the table of the run: which are done, what was counted
 * of them, and how many of their rows nobody could read. Several threads use it at once.
 */
final class OfflineUnits {
  private final UnitProgress progress;
  private final Map<String, Map<String, Long>> done = new ConcurrentHashMap<>();
  private final Map<String, Long> unreadable = new ConcurrentHashMap<>();

  /** Of a run with this progress; none are done before {@link #takeUp}. */
  OfflineUnits(UnitProgress progress) {
    this.progress = progress;
  }

  static List<String> ids(List<InputUnit> group) {
    return group.stream().map(InputUnit::id).toList();
  }

  /** Counts those as done that earlier processes have recorded. */
  void takeUp() {
    done.putAll(progress.done(OfflinePhase.STORE));
  }

  /** The units that are done. */
  Set<String> done() {
    return Collections.unmodifiableSet(done.keySet());
  }

  /** Those of the units that are not done. */
  List<InputUnit> open(List<InputUnit> units) {
    return units.stream().filter(unit -> !done.containsKey(unit.id())).toList();
  }

  /** The counters of the units that are done so far, summed. */
  Map<String, Long> counted() {
    return Counters.sum(done.values());
  }

  /** One counter of {@link #counted}. */
  long counted(String counter) {
    return Counters.get(counted(), counter);
  }

  /**
   * Records units that were written in one commit as done; they are counted together, at the first
   * of them.
   *
   * @param counted of what could be read
   */
  void record(List<InputUnit> group, Map<String, Long> counted) {
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    group.forEach(unit -> counters.put(unit.id(), Map.of()));
    counters.put(group.get(0).id(), withUnreadable(ids(group), counted));
    record(counters);
  }

  /**
   * Takes note of a file that is left out.
   *
   * @param without the group without it; what had nothing else is done
   */
  void leaveOut(StubbornGroup.Without without) {
    without.left().forEach((unit, rows) -> unreadable.merge(unit, rows, Long::sum));
    List<String> open = ids(without.units());
    Map<String, Map<String, Long>> lost = new LinkedHashMap<>();
    without.left().keySet().stream()
        .filter(unit -> !open.contains(unit))
        .forEach(unit -> lost.put(unit, withUnreadable(List.of(unit), Map.of())));
    record(lost);
  }

  /** Who asks what is done must not hear of what a crash would undo. */
  private void record(Map<String, Map<String, Long>> counters) {
    progress.record(OfflinePhase.STORE, counters);
    done.putAll(counters);
  }

  /** Rows that the statistics promise and nobody can read. */
  private Map<String, Long> withUnreadable(List<String> units, Map<String, Long> counted) {
    Map<String, Long> counters = new LinkedHashMap<>(counted);
    if (units.stream().anyMatch(unreadable::containsKey)) {
      long rows = units.stream().mapToLong(unit -> unreadable.getOrDefault(unit, 0L)).sum();
      counters.merge(Counters.EXPECTED, rows, Long::sum);
      counters.put(Counters.UNREADABLE, rows);
    }
    return counters;
  }
}
