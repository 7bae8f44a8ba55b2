package io.fsmigrate.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts failed records by cause in little memory: the most frequent reasons of each store and code
 * by their words, the rest as one.
 */
final class FailureCauses {
  /** Reasons that are named for each store and code. */
  static final int MOST_NAMED = 20;

  /** Reasons that are told apart while counting; where a reason names values there are many. */
  static final int MOST_TOLD_APART = 1_000;

  private record Place(String store, String code) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::store).thenComparing(Place::code);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Place, Map<String, Long>> reasons = new TreeMap<>();
  private final Map<Place, Long> rest = new HashMap<>();
  private long counted;

  void add(String store, String code, String reason) {
    Place place = new Place(store, code);
    Map<String, Long> known = reasons.computeIfAbsent(place, any -> new HashMap<>());
    if (known.containsKey(reason) || known.size() < MOST_TOLD_APART) {
      known.merge(reason, 1L, Long::sum);
    } else {
      rest.merge(place, 1L, Long::sum);
    }
    counted++;
  }

  long counted() {
    return counted;
  }

  /**
   * What was counted.
   *
   * @param records how many have failed in all
   */
  FailureSummary summary(long records) {
    List<FailureSummary.Cause> causes = new ArrayList<>();
    reasons.forEach((place, known) -> causes.addAll(causes(place, known)));
    return new FailureSummary(Math.max(records, counted), counted, causes);
  }

  private List<FailureSummary.Cause> causes(Place place, Map<String, Long> known) {
    List<Map.Entry<String, Long>> frequent =
        known.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    List<FailureSummary.Cause> causes = new ArrayList<>();
    long others = rest.getOrDefault(place, 0L);
    for (Map.Entry<String, Long> entry : frequent) {
      if (causes.size() < MOST_NAMED) {
        causes.add(
            new FailureSummary.Cause(
                place.store(), place.code(), Optional.of(entry.getKey()), entry.getValue()));
      } else {
        others += entry.getValue();
      }
    }
    if (others > 0) {
      causes.add(new FailureSummary.Cause(place.store(), place.code(), Optional.empty(), others));
    }
    return causes;
  }
}
