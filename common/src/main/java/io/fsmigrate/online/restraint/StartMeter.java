package io.fsmigrate.online.restraint;

import java.util.Optional;

/** What started in the last second, in steps of a twentieth of it. Not safe for several threads. */
final class StartMeter {
  private static final int STEPS = 20;
  private static final long STEP_NANOS = 1_000_000_000L / STEPS;

  private final double[] costs = new double[STEPS];
  private final long origin;
  private long step;
  private boolean any;

  StartMeter(long now) {
    this.origin = now;
  }

  void started(double cost, long now) {
    advance(now);
    costs[(int) (step % STEPS)] += cost;
    any = true;
  }

  /** Empty before the first start. */
  Optional<Double> perSecond(long now) {
    if (!any) {
      return Optional.empty();
    }
    advance(now);
    double sum = 0;
    for (double cost : costs) {
      sum += cost;
    }
    return Optional.of(sum);
  }

  private void advance(long now) {
    long current = (now - origin) / STEP_NANOS;
    for (long passed = Math.max(step + 1, current - STEPS + 1); passed <= current; passed++) {
      costs[(int) (passed % STEPS)] = 0;
    }
    step = Math.max(step, current);
  }
}
