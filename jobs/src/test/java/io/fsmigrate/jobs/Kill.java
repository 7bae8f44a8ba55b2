package io.fsmigrate.jobs;

import io.fsmigrate.jobs.NamedPoints.Happened;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * When a run is killed.
 *
 * @param number of the kill; the same seed and number give the same kill
 * @param point a point of {@link NamedPoints} at which it is held and killed; empty where the time
 *     decides
 * @param share of the time between the first unit and the last online write, where the time decides
 * @param again a point of the resumed run at which that is killed as well
 */
record Kill(int number, Optional<String> point, double share, Optional<String> again) {
  /** Every fourth is at a point, and so many of the resumed runs are killed once more. */
  private static final int POINT_IN = 4;

  private static final List<String> AGAIN =
      List.of("STARTED/offline:1", "REF_MOVED/:1", "SKIPPED/local:1", "RECORDED/served:1");

  /** At a point, named as in {@link NamedPoints}. */
  static Kill at(int number, String point) {
    return new Kill(number, Optional.of(point), 0, Optional.empty());
  }

  /** The same, and the resumed run is killed at another. */
  Kill thenAt(String secondPoint) {
    return new Kill(number, point, share, Optional.of(secondPoint));
  }

  /**
   * One of a soak.
   *
   * @param undisturbed what happened in a run that was left alone
   */
  static Kill seeded(long seed, int number, List<Happened> undisturbed) {
    Random random = new Random(seed * 1_000_003 + number);
    List<String> points =
        undisturbed.stream()
            .map(Happened::point)
            .filter(point -> !point.startsWith("STARTED") && !point.startsWith("ENDED"))
            .toList();
    String point = points.get(random.nextInt(points.size()));
    double share = random.nextDouble();
    String second = AGAIN.get(random.nextInt(AGAIN.size()));
    boolean twice = random.nextInt(POINT_IN) == 0;
    return new Kill(
        number,
        number % POINT_IN == 0 ? Optional.of(point) : Optional.empty(),
        share,
        twice ? Optional.of(second) : Optional.empty());
  }
}
