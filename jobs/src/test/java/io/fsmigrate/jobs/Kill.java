package io.fsmigrate.jobs;

import io.fsmigrate.jobs.NamedPoints.Happened;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * When a run is killed.
 *
 * @param number of the kill; the same seed and number give the same kill
 * @param point a point of {@link NamedPoints} that it comes to
 * @param held whether it goes no further than that point
 * @param millis how long after that it is killed
 * @param again a point of the resumed run at which that is killed as well
 */
record Kill(int number, String point, boolean held, long millis, Optional<String> again) {
  /** Every fourth is at a point, and so many of the resumed runs are killed once more. */
  private static final int FOURTH = 4;

  private static final String FIRST_UNIT = "OFFLINE_WRITTEN/offline:1";

  private static final List<String> AGAIN =
      List.of("STARTED/offline:1", "REF_MOVED/:1", "SKIPPED/local:1", "ONLINE_WRITTEN/served:1");

  /** At a point, named as in {@link NamedPoints}. */
  static Kill at(int number, String point) {
    return new Kill(number, point, true, 0, Optional.empty());
  }

  /** The same, and the resumed run is killed at another. */
  Kill thenAt(String secondPoint) {
    return new Kill(number, point, held, millis, Optional.of(secondPoint));
  }

  /**
   * One of a soak: at any time between the first unit and the last online write, or at any point
   * there. A time is told by the event before it, so that it means the same on a slower machine.
   *
   * @param undisturbed what happened in a run that was left alone
   */
  static Kill seeded(long seed, int number, List<Happened> undisturbed) {
    // Unlike java.util.Random it has nothing in common for neighbouring seeds.
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    List<Happened> work = work(undisturbed);
    Happened first = work.get(0);
    Happened last = work.get(work.size() - 1);
    double share = random.nextDouble();
    int any = random.nextInt(work.size());
    String second = AGAIN.get(random.nextInt(AGAIN.size()));
    Optional<String> again = random.nextInt(FOURTH) == 0 ? Optional.of(second) : Optional.empty();
    if (number % FOURTH == 0) {
      return new Kill(number, work.get(any).point(), true, 0, again);
    }
    long time = first.millis() + (long) (share * (last.millis() - first.millis()));
    Happened before =
        work.stream().filter(event -> event.millis() <= time).reduce((a, b) -> b).orElse(first);
    return new Kill(number, before.point(), false, time - before.millis(), again);
  }

  /** What happened from the first unit to the last online write. */
  static List<Happened> work(List<Happened> events) {
    int first = 0;
    int last = 0;
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).point().equals(FIRST_UNIT)) {
        first = i;
      }
      if (events.get(i).name().startsWith("ONLINE_WRITTEN/")) {
        last = i;
      }
    }
    return events.subList(first, last + 1);
  }
}
