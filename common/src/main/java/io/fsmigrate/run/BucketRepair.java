package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.calls.SharedInJvm;
import io.fsmigrate.verify.RecordComparison.Result;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a task writes to an online store after it has read a bucket: the records that are not as
 * they should be, guarded like those of any run. Nothing where it only compares.
 *
 * @param kinds which of them are written
 * @param context of the writer; null where nothing is written
 * @param ticket of the run's lease, without which no batch is handed over; null as well
 */
record BucketRepair(Set<Result> kinds, WriteContext context, int batchSize, LeaseTicket ticket)
    implements Serializable {
  /** Records that the store holds now as they should be. */
  static final String WRITTEN = "repaired";

  /** Records that it did not take, for it has a newer one by the tie rule. */
  static final String STALE = "stale";

  /** Records that it refused. */
  static final String FAILED = "refused";

  /** Of a bucket's refused records; they travel to the driver. What is more is counted alone. */
  private static final int MOST_REFUSED = 1_000;

  BucketRepair {
    kinds = new HashSet<>(kinds);
  }

  /** Compares, and writes nothing. */
  static BucketRepair none() {
    return new BucketRepair(Set.of(), null, 1, null);
  }

  boolean isRepaired(ReadBucket.Tally tally) {
    return !tally.toWrite().isEmpty();
  }

  void write(OnlineStore store, VersionedGroup target, ReadBucket.Tally tally) {
    List<ReadBucket.Wanted> wanted = tally.toWrite();
    try (SharedInJvm.Lease<LeaseWatch> watch = LeaseWatch.of(ticket);
        RecordWriter writer = store.open(target, context)) {
      for (int from = 0; from < wanted.size(); from += batchSize) {
        watch.value().require();
        List<ReadBucket.Wanted> batch =
            List.copyOf(wanted.subList(from, Math.min(wanted.size(), from + batchSize)));
        writer.write(
            batch.stream().map(ReadBucket.Wanted::record).toList(),
            outcome -> count(tally, batch, outcome));
      }
      writer.commit();
    }
  }

  private static void count(
      ReadBucket.Tally tally, List<ReadBucket.Wanted> batch, WriteOutcome outcome) {
    tally.add(WRITTEN, outcome.written() + outcome.submitted());
    tally.add(STALE, outcome.stale());
    tally.add(FAILED, outcome.failed().size());
    for (FailedWrite failed : outcome.failed()) {
      if (tally.refused() == MOST_REFUSED) {
        return;
      }
      tally.refused(
          new BucketResult.Failure(
              failed.code(),
              failed.reason(),
              failed.retryable(),
              RecordValues.features(batch.get(failed.index()).row())));
    }
  }
}
