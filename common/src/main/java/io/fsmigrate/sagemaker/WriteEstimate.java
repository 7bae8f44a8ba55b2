package io.fsmigrate.sagemaker;

import io.fsmigrate.sagemaker.SageMakerSettings.Prices;
import io.fsmigrate.sagemaker.SageMakerSettings.ServiceLimits;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What writing to a feature group's online store would take.
 *
 * <p>A write unit is one started kibibyte of a record, a read unit four of them (the service's
 * pricing). How long it takes is said by the tightest of what limits it.
 *
 * @param records to write, at most
 * @param readCalls to look at what is stored
 * @param writeCalls to write
 * @param readUnits charged
 * @param writeUnits charged
 * @param minutes at the limits given
 * @param bindingQuota the limit that says how long it takes
 * @param dollars at the prices given
 */
public record WriteEstimate(
    long records,
    long readCalls,
    long writeCalls,
    long readUnits,
    long writeUnits,
    double minutes,
    String bindingQuota,
    double dollars) {
  private static final int WRITE_UNIT_BYTES = 1024;
  private static final int READ_UNIT_BYTES = 4096;
  private static final int RECORDS_PER_READ = 100;

  /**
   * How the records are written.
   *
   * @param records at most
   * @param recordBytes of one record, on average
   * @param recordsPerCall 25 where the service takes batches, otherwise 1
   * @param shareRead of the records that are looked at before
   * @param maxWorkers calls in flight
   * @param rateLimit of the configuration, in records a second; empty for none
   */
  public record Work(
      long records,
      long recordBytes,
      int recordsPerCall,
      double shareRead,
      int maxWorkers,
      OptionalDouble rateLimit) {}

  private record Limit(String name, double seconds) {}

  /** The estimate for that work. */
  public static WriteEstimate of(Work work, ServiceLimits limits, Prices prices) {
    long read = (long) Math.ceil(work.records() * work.shareRead());
    long readCalls = ceilDiv(read, RECORDS_PER_READ);
    long writeCalls = ceilDiv(work.records(), work.recordsPerCall());
    long writeUnits = work.records() * writeUnits(work.recordBytes());
    long readUnits = read * Math.max(1, ceilDiv(work.recordBytes(), READ_UNIT_BYTES));
    double callsInFlight = 1000.0 * work.maxWorkers() / limits.callMillis();
    List<Limit> all =
        List.of(
            new Limit(
                "%,d calls in flight at %s ms a call (--max-workers)"
                    .formatted(work.maxWorkers(), number(limits.callMillis())),
                (readCalls + writeCalls) / callsInFlight),
            new Limit(
                "%,d calls/s of one operation (account quota)".formatted(limits.callsPerSecond()),
                (double) writeCalls / limits.callsPerSecond()),
            new Limit(
                "%,d write units/s of the feature group".formatted(limits.writeUnitsPerSecond()),
                (double) writeUnits / limits.writeUnitsPerSecond()),
            new Limit(
                "the store's rate-limit",
                work.rateLimit().isPresent()
                    ? work.records() / work.rateLimit().getAsDouble()
                    : 0));
    Optional<Limit> binding = all.stream().max(Comparator.comparingDouble(Limit::seconds));
    return new WriteEstimate(
        work.records(),
        readCalls,
        writeCalls,
        readUnits,
        writeUnits,
        binding.orElseThrow().seconds() / 60,
        binding.orElseThrow().name(),
        writeUnits / 1e6 * prices.millionWriteUnits()
            + readUnits / 1e6 * prices.millionReadUnits());
  }

  /** Write units of one record. */
  public static long writeUnits(long recordBytes) {
    return Math.max(1, ceilDiv(recordBytes, WRITE_UNIT_BYTES));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }
}
