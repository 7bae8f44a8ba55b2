package io.fsmigrate.offline;

import java.util.List;

/**
 * The piece of a run that is done or not done offline: some slices of the pinned snapshot.
 *
 * @param id stable within a plan, {@code u0001} onwards; of several that are read together, their
 *     span, {@code u0001-u0010}
 */
public record InputUnit(String id, List<InputSlice> slices) {
  public InputUnit {
    slices = List.copyOf(slices);
  }

  /** Bytes to read before column pruning. */
  public long bytes() {
    return slices.stream().mapToLong(InputSlice::length).sum();
  }

  /** Rows by the files' statistics; negative where a file has none. */
  public long rows() {
    long sum = 0;
    for (InputSlice slice : slices) {
      if (slice.rows() < 0) {
        return -1;
      }
      sum += slice.rows();
    }
    return sum;
  }
}
