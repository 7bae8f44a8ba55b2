package io.fsmigrate.run;

import java.time.Clock;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;

/** Locks of runs of this process, for what needs one without a run around it. */
final class Leases {
  private Leases() {}

  /** A lease of a new run on {@code main:visits}. */
  static LeaseKeeper of(String warehouse, Duration lease) {
    Ledger ledger = new Ledger(warehouse, new Configuration(), Clock.systemUTC());
    RunRecord run = ledger.start("migrate", "a", "main:visits", "f", "test");
    TargetLock lock = ledger.lock("main", "visits", lease);
    return new LeaseKeeper(
        lock, lock.take(run.id()).lock(), new RunTally(run, Clock.systemUTC()), () -> {});
  }

  static LeaseKeeper of(String warehouse) {
    return of(warehouse, Duration.ofMinutes(10));
  }

  static LeaseTicket ticket(String warehouse, LeaseKeeper lease) {
    return new LeaseTicket(warehouse, "main", "visits", lease.held(), new Configuration());
  }
}
