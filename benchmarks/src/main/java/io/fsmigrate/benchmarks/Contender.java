package io.fsmigrate.benchmarks;

/** One side of a comparison: work that is done again and again and timed. */
public interface Contender {
  /** How reports call it. */
  String name();

  /** Does the work once; this is what is timed. */
  void run() throws Exception;

  /** Removes what {@link #run()} left behind; not timed. */
  default void cleanUp() throws Exception {}
}
