package io.fsmigrate.online.restraint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What started when, on a simulated clock. */
final class SimulatedStarts {
  private static final long SECOND = 1_000_000_000L;

  private record Start(long at, double cost) {}

  private final List<Start> starts = new ArrayList<>();

  void add(long at, double cost) {
    starts.add(new Start(at, cost));
  }

  /** The most that started within any second, wherever it begins. */
  double mostInAnySecond() {
    starts.sort(Comparator.comparingLong(Start::at));
    double most = 0;
    double sum = 0;
    int next = 0;
    for (Start first : starts) {
      while (next < starts.size() && starts.get(next).at() - first.at() < SECOND) {
        sum += starts.get(next++).cost();
      }
      most = Math.max(most, sum);
      sum -= first.cost();
    }
    return most;
  }

  double perSecond(long from, long until) {
    return starts.stream()
            .filter(start -> start.at() >= from && start.at() < until)
            .mapToDouble(Start::cost)
            .sum()
        * SECOND
        / (until - from);
  }

  int count() {
    return starts.size();
  }
}
