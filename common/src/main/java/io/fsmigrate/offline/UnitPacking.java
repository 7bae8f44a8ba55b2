package io.fsmigrate.offline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packs slices into units. The result depends on the snapshot and the settings only, never on the
 * cluster, because a run must be resumable with other workers.
 *
 * @param unitBytes the size a unit aims at in large inputs
 * @param minUnits smaller inputs are cut finer, into about this many units, so that they spread
 *     over the cores
 */
public record UnitPacking(long unitBytes, int minUnits) {
  /** More units than this say nothing more about progress; larger inputs get larger units. */
  static final int MAX_UNITS = 512;

  private static final long SMALLEST_UNIT = 1L << 20;

  /** The size of a unit for an input of that many bytes. */
  long targetBytes(long totalBytes) {
    long wanted = Math.min(unitBytes, Math.max(SMALLEST_UNIT, totalBytes / Math.max(1, minUnits)));
    return Math.max(wanted, totalBytes / MAX_UNITS);
  }

  /** Consecutive slices, by path and offset, cut where the next one would exceed the target. */
  public List<InputUnit> pack(List<InputSlice> slices) {
    List<InputSlice> ordered = new ArrayList<>(slices);
    ordered.sort(Comparator.comparing(InputSlice::path).thenComparingLong(InputSlice::start));
    long target = targetBytes(ordered.stream().mapToLong(InputSlice::length).sum());
    List<InputUnit> units = new ArrayList<>();
    List<InputSlice> current = new ArrayList<>();
    long bytes = 0;
    for (InputSlice slice : ordered) {
      if (!current.isEmpty() && bytes + slice.length() > target) {
        units.add(unit(units.size() + 1, current));
        current.clear();
        bytes = 0;
      }
      current.add(slice);
      bytes += slice.length();
    }
    if (!current.isEmpty()) {
      units.add(unit(units.size() + 1, current));
    }
    return List.copyOf(units);
  }

  /** All slices as one unit, for migrations that must see every row at once. */
  public static List<InputUnit> single(List<InputSlice> slices) {
    return List.of(unit(1, slices));
  }

  /**
   * Several units read as one. A query over many pieces takes Spark seconds to analyse; over one
   * list of files it does not.
   */
  public static InputUnit together(List<InputUnit> units) {
    List<InputSlice> slices = new ArrayList<>();
    units.forEach(unit -> slices.addAll(unit.slices()));
    slices.sort(Comparator.comparing(InputSlice::path).thenComparingLong(InputSlice::start));
    return new InputUnit(UnitNames.text(units.stream().map(InputUnit::id).toList()), merge(slices));
  }

  private static InputUnit unit(int number, List<InputSlice> slices) {
    return new InputUnit(UnitNames.name(number), merge(slices));
  }

  /** Neighbouring ranges of one file become one range, so that a whole file is read as such. */
  private static List<InputSlice> merge(List<InputSlice> slices) {
    List<InputSlice> merged = new ArrayList<>();
    for (InputSlice slice : slices) {
      InputSlice last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null
          && last.path().equals(slice.path())
          && last.start() + last.length() == slice.start()) {
        long rows = last.rows() < 0 || slice.rows() < 0 ? -1 : last.rows() + slice.rows();
        merged.set(
            merged.size() - 1,
            new InputSlice(
                last.path(),
                last.start(),
                last.length() + slice.length(),
                last.fileLength(),
                rows));
      } else {
        merged.add(slice);
      }
    }
    return merged;
  }
}
