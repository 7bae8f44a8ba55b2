package io.fsmigrate.run;

/**
 * Is told what happens in a run, in the run's own threads: a listener that does not return stops
 * the run. Found by {@link java.util.ServiceLoader}, so that lineage and metrics can be attached.
 */
@FunctionalInterface
public interface RunListener {
  /** Called after the fact. */
  void on(RunEvent event);
}
