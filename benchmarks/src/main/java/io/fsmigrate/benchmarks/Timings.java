package io.fsmigrate.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * How long each run of one contender took.
 *
 * @param seconds in the order of the runs, one at least
 */
record Timings(List<Double> seconds) {
  Timings {
    seconds = List.copyOf(seconds);
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("Cannot describe the time of no runs");
    }
  }

  double min() {
    return sorted().get(0);
  }

  /** The middle one; the mean of the two in the middle of an even number. */
  double median() {
    List<Double> sorted = sorted();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double max() {
    return sorted().get(seconds.size() - 1);
  }

  /** This time divided by the other, run by run. */
  Timings ratiosTo(Timings other) {
    if (other.seconds.size() != seconds.size()) {
      throw new IllegalArgumentException("Cannot pair different numbers of runs");
    }
    List<Double> ratios = new ArrayList<>();
    for (int run = 0; run < seconds.size(); run++) {
      ratios.add(seconds.get(run) / other.seconds.get(run));
    }
    return new Timings(ratios);
  }

  private List<Double> sorted() {
    return seconds.stream().sorted().toList();
  }
}
