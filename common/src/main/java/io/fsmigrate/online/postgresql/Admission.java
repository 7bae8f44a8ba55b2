package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateLease;
import io.fsmigrate.online.restraint.Limits;
import io.fsmigrate.online.restraint.Permit;
import io.fsmigrate.online.restraint.RateLimit;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Holds statements back that bring records into the table, so that the whole run keeps to its rate
 * limit; without one, nothing does.
 */
final class Admission implements AutoCloseable {
  private final Optional<GateLease> gate;
  private final int mostRows;

  private Admission(Optional<GateLease> gate, int mostRows) {
    this.gate = gate;
    this.mostRows = mostRows;
  }

  static Admission of(PostgresSettings settings, String group, WriteContext context) {
    if (settings.rateLimit().isEmpty()) {
      return new Admission(Optional.empty(), Integer.MAX_VALUE);
    }
    RateLimit limit = settings.rateLimit().get();
    GateLease gate =
        CallGates.open(
            new GateKey(context.run(), settings.store(), group),
            new Limits(settings.rateLimit(), context.maxWorkers()),
            context.executors());
    // What costs more than a second's worth of the limit would hold up all others.
    return new Admission(
        Optional.of(gate), (int) Math.max(1, Math.min(limit.perSecond(), Integer.MAX_VALUE)));
  }

  /** The most that one statement may bring. */
  int mostRows() {
    return mostRows;
  }

  /** Does it when it may be done. */
  void pass(int rows, Work work) throws SQLException {
    if (gate.isEmpty()) {
      work.run();
      return;
    }
    Permit permit = await(gate.get(), rows);
    boolean done = false;
    try {
      work.run();
      done = true;
    } finally {
      if (done) {
        permit.succeeded();
      } else {
        permit.failed();
      }
    }
  }

  @Override
  public void close() {
    gate.ifPresent(GateLease::close);
  }

  private static Permit await(GateLease gate, int rows) {
    try {
      return gate.acquire(new CallCost(rows, 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the rate limit", e);
    }
  }

  /** Statements. */
  interface Work {
    void run() throws SQLException;
  }
}
