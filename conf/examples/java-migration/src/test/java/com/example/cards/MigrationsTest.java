package com.example.cards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fsmigrate.migration.MigrationFunction;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The migrations on a few rows; a small Spark in this process is enough for that. */
class MigrationsTest {
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "localhost")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void bothAreFound() {
    Set<Class<?>> found = new HashSet<>();
    ServiceLoader.load(MigrationFunction.class).forEach(function -> found.add(function.getClass()));

    assertEquals(Set.of(CheckCardNumbers.class, TotalsPerDay.class), found);
  }

  @Test
  void cardNumbersAreChecked() {
    List<Row> given =
        List.of(
            RowFactory.create("4111-1111-1111-1111", at("2026-01-01T00:00:00Z"), 250L, "books"),
            RowFactory.create("4111-1111-1111-1112", null, null, "fuel"));

    assertEquals(
        List.of(
            RowFactory.create("4111-1111-1111-1111", at("2026-01-01T00:00:00Z"), 250L, true),
            RowFactory.create("4111-1111-1111-1112", null, null, false)),
        migrated(
            new CheckCardNumbers(),
            "card STRING, seen TIMESTAMP, amount_cents BIGINT, merchant STRING",
            given));
  }

  @Test
  void paymentsOfADayAreAddedUp() {
    List<Row> given =
        List.of(
            RowFactory.create("a", at("2026-01-01T00:00:00Z"), 1L, true),
            RowFactory.create("a", at("2026-01-01T23:59:59Z"), 2L, true),
            RowFactory.create("a", at("2026-01-02T00:00:00Z"), 4L, true),
            RowFactory.create("b", at("2026-01-01T12:00:00Z"), 8L, false));

    assertEquals(
        Set.of(
            RowFactory.create("a", Date.valueOf("2026-01-01"), 2L, 3L, true),
            RowFactory.create("a", Date.valueOf("2026-01-02"), 1L, 4L, true),
            RowFactory.create("b", Date.valueOf("2026-01-01"), 1L, 8L, false)),
        Set.copyOf(
            migrated(
                new TotalsPerDay(),
                "card_id STRING, observed_at TIMESTAMP, amount_cents BIGINT, number_is_valid BOOLEAN",
                given)));
  }

  private static List<Row> migrated(MigrationFunction migration, String columns, List<Row> rows) {
    return migration
        .apply(spark.createDataFrame(rows, StructType.fromDDL(columns)))
        .collectAsList();
  }

  private static Timestamp at(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }
}
