package io.fsmigrate.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a run was at moments of its work.
 *
 * @param since when the process that took these samples began; empty where there are none
 * @param resumed whether an earlier process had worked on the run: samples begin anew then, with
 *     the rows that were done
 * @param samples in the order of time, a limited number whatever the length of the run
 */
public record Throughput(Optional<Instant> since, boolean resumed, List<Sample> samples) {
  /** Of a run that nobody watched. */
  public static final Throughput NONE = new Throughput(Optional.empty(), false, List.of());

  /**
   * One moment.
   *
   * @param seconds since {@link Throughput#since}
   * @param rows that are done, by store; {@code offline} is the run's table
   */
  public record Sample(double seconds, Map<String, Long> rows) {}

  public Throughput {
    samples = List.copyOf(samples);
  }
}
