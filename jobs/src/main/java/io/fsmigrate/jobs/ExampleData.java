package io.fsmigrate.jobs;

import java.io.Serializable;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Card payments as a source system might deliver them, with everything that goes wrong in feature
 * data: history, duplicates, ties, and rows that must fail. The same arguments give the same rows.
 *
 * @param rows how many; at least {@link #MINIMUM_ROWS}, so that every case occurs
 * @param seed changes the values, not the cases
 */
record ExampleData(long rows, long seed) implements Serializable {
  static final long MINIMUM_ROWS = (long) ExampleDataCase.PERIOD * ExampleDataCase.ROWS_PER_RECORD;

  /** The columns before any migration. */
  static final StructType SCHEMA =
      StructType.fromDDL(
          "card STRING, seen TIMESTAMP, merchant STRING, amount_cents BIGINT, score DOUBLE,"
              + " terminal STRING, probe BOOLEAN");

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String[] MERCHANTS = {
    "grocery", " Grocery", "fuel", "TRAVEL ", "travel", "books", "pharmacy", "Cafe"
  };
  private static final long SPREAD = 1_000_003;
  private static final long OTHER_SPREAD = 998_244_353;

  ExampleData {
    if (rows < MINIMUM_ROWS) {
      throw ExampleDataErrors.tooFewRows(rows, MINIMUM_ROWS);
    }
  }

  /** Records that have all their rows; one more has the rows that are left over, if any are. */
  long fullRecords() {
    return rows / ExampleDataCase.ROWS_PER_RECORD;
  }

  /** Writes the rows as Parquet files, the history of a record spread over all of them. */
  void write(SparkSession spark, String path, int files) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    Dataset<Row> data =
        session
            .range(0, rows, 1, files)
            .map((MapFunction<Long, Row>) this::rowAt, Encoders.row(SCHEMA));
    data.write().parquet(path);
  }

  /** The case of a record; the last one, with rows left over, is plain. */
  ExampleDataCase caseOf(long record) {
    return record < fullRecords() ? ExampleDataCase.of(record) : ExampleDataCase.PLAIN;
  }

  // A prime that does not divide the number of rows visits each row once, in scattered order.
  private Row rowAt(long place) {
    BigInteger spread = BigInteger.valueOf(rows % SPREAD == 0 ? OTHER_SPREAD : SPREAD);
    long row =
        BigInteger.valueOf(place).multiply(spread).mod(BigInteger.valueOf(rows)).longValueExact();
    return row(
        row / ExampleDataCase.ROWS_PER_RECORD, (int) (row % ExampleDataCase.ROWS_PER_RECORD));
  }

  private Row row(long record, int position) {
    ExampleDataCase special = caseOf(record);
    ExampleDataFate fate = special.fate(position);
    long noise = noise(record, special.valuesOf(position));
    return RowFactory.create(
        "4000-%04d-%08d".formatted(record % 97, record),
        fate == ExampleDataFate.NO_EVENT_TIME ? null : time(record, special.timeOf(position)),
        MERCHANTS[(int) Math.floorMod(noise, (long) MERCHANTS.length)],
        amount(fate, noise, special.valuesOf(position)),
        score(fate, noise),
        "T%03d".formatted(Math.floorMod(noise >> 8, 500L)),
        fate == ExampleDataFate.FILTERED);
  }

  // An hour between rows and less than an hour of noise: later positions have later times.
  private Timestamp time(long record, int position) {
    long seconds = Math.floorMod(noise(record, position) >> 16, 3_000L);
    return Timestamp.from(
        BEGIN
            .plus(Duration.ofSeconds(record % 86_400))
            .plus(Duration.ofHours(position))
            .plus(Duration.ofSeconds(seconds)));
  }

  // The last digit is odd at odd positions, so that the two rows of a tie differ.
  private static long amount(ExampleDataFate fate, long noise, int position) {
    long amount = 100 + Math.floorMod(noise >> 24, 50_000L) * 2 + position % 2;
    return switch (fate) {
      case AMOUNT_OVERFLOW -> Integer.MAX_VALUE + amount;
      case NEGATIVE_AMOUNT -> -amount;
      case ACCEPTED, FILTERED, NO_EVENT_TIME, SCORE_OUT_OF_RANGE -> amount;
    };
  }

  /** A few scores are unknown, which no rule forbids. */
  private static Double score(ExampleDataFate fate, long noise) {
    long thousandths = Math.floorMod(noise >> 32, 1_001L);
    if (fate == ExampleDataFate.SCORE_OUT_OF_RANGE) {
      return 1.5 + thousandths / 1_000.0;
    }
    return thousandths == 500 ? null : Double.valueOf(thousandths / 1_000.0);
  }

  // The finaliser of SplitMix64: neighbours get unrelated values.
  private long noise(long record, int position) {
    long z = seed * 0x9E3779B97F4A7C15L + record * ExampleDataCase.ROWS_PER_RECORD + position;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
