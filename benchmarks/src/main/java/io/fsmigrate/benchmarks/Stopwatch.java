package io.fsmigrate.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Runs contenders in turn, so that what else happens on the machine falls on all of them. */
final class Stopwatch {
  private final Probe probe;

  /** Looks at a run from outside, for counting what it read. */
  interface Probe {
    /** A number now; the difference over a run is reported. */
    long value();
  }

  Stopwatch(Probe probe) {
    this.probe = probe;
  }

  /**
   * Runs each contender once in every round: A B A B.
   *
   * @param warmUps rounds before those that are reported
   */
  List<Measured> alternate(List<Contender> contenders, int warmUps, int rounds) throws Exception {
    List<List<Double>> seconds = new ArrayList<>();
    List<List<Long>> read = new ArrayList<>();
    contenders.forEach(contender -> seconds.add(new ArrayList<>()));
    contenders.forEach(contender -> read.add(new ArrayList<>()));
    for (int round = -warmUps; round < rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        long before = probe.value();
        double took = time(contenders.get(i));
        long recordsRead = probe.value() - before;
        contenders.get(i).cleanUp();
        if (round >= 0) {
          seconds.get(i).add(took);
          read.get(i).add(recordsRead);
        }
      }
    }
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      measured.add(
          new Measured(contenders.get(i).name(), new Timings(seconds.get(i)), read.get(i)));
    }
    return measured;
  }

  private static double time(Contender contender) throws Exception {
    long begin = System.nanoTime();
    contender.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /**
   * What was seen of one contender.
   *
   * @param recordsRead input records of each run
   */
  record Measured(String name, Timings timings, List<Long> recordsRead) {}
}
