package io.fsmigrate.offline;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.InputMetrics;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class DeltaSourceTest {
  @TempDir Path dir;
  private final SparkSession spark;

  DeltaSourceTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void aUnitIsSomeFilesAndReadsOnlyThose() {
    String table = table(1_000, 4);
    DeltaSource source = DeltaSource.open(spark, table, Optional.empty());
    List<InputUnit> units = new UnitPacking(1, 1).pack(source.slices());

    assertThat(units).hasSize(4);
    assertThat(source.snapshot().rows()).contains(1_000L);
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      assertThat(source.read(units.get(2)).collectAsList()).hasSize(250);
      assertThat(metrics.recordsRead()).isEqualTo(250);
    }
    List<Long> ids = new ArrayList<>();
    for (InputUnit unit : units) {
      source.read(unit).collectAsList().forEach(row -> ids.add(row.getLong(0)));
    }
    assertThat(ids)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_000).boxed().toList());
    assertThat(source.readAll().count()).isEqualTo(1_000);
  }

  @Test
  void rowsThatADeletionVectorHidesAreNotThere() {
    String table = table(1_000, 2);
    spark.sql(
        "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
            .formatted(table));
    spark.sql("DELETE FROM delta.`%s` WHERE id %% 10 = 0 AND id < 500".formatted(table));

    DeltaSource source = DeltaSource.open(spark, table, Optional.empty());
    List<InputUnit> units = new UnitPacking(1, 1).pack(source.slices());

    assertThat(source.slices()).as("one file has a vector").anyMatch(s -> s.path().contains("#"));
    assertThat(source.snapshot().rows()).contains(950L);
    List<Long> ids = new ArrayList<>();
    for (InputUnit unit : units) {
      List<Row> rows = source.read(unit).collectAsList();
      assertThat(rows).hasSize((int) unit.rows());
      rows.forEach(row -> ids.add(row.getLong(0)));
    }
    assertThat(ids)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, 1_000).filter(i -> i >= 500 || i % 10 != 0).boxed().toList());
  }

  @Test
  void anOlderVersionStaysWhatItWas() {
    String table = table(10, 1);
    spark.range(10, 20).write().format("delta").mode("append").save(table);
    spark.sql("DELETE FROM delta.`%s` WHERE id < 5".formatted(table));

    DeltaSource first = DeltaSource.open(spark, table, Optional.of(0L));
    DeltaSource second = DeltaSource.open(spark, table, Optional.of(1L));
    DeltaSource newest = DeltaSource.open(spark, table, Optional.empty());

    assertThat(first.readAll().count()).isEqualTo(10);
    assertThat(second.readAll().count()).isEqualTo(20);
    assertThat(newest.readAll().count()).isEqualTo(15);
    assertThat(newest.snapshot().version()).contains(2L);
    assertThat(second.snapshot().version()).contains(1L);
    assertThat(first.snapshot().digest()).isNotEqualTo(second.snapshot().digest());
    assertThat(DeltaSource.open(spark, table, Optional.of(1L)).snapshot())
        .isEqualTo(second.snapshot());
  }

  @Test
  void anEmptyTableAndRenamedColumnsAreRead() {
    String empty = dir.resolve("empty").toString();
    new RunTable(spark, empty, 30)
        .create(org.apache.spark.sql.types.StructType.fromDDL("id bigint, t string"));
    DeltaSource nothing = DeltaSource.open(spark, empty, Optional.empty());
    assertThat(nothing.snapshot().rows()).contains(0L);
    assertThatDataFrame(nothing.readAll()).hasSchema("id bigint, t string").hasRowCount(0);

    String table = table(3, 1);
    spark.sql(
        "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
            .formatted(table));
    spark.sql("ALTER TABLE delta.`%s` RENAME COLUMN id TO number".formatted(table));
    assertThatDataFrame(DeltaSource.open(spark, table, Optional.empty()).readAll())
        .hasSchema("number bigint")
        .containsExactlyRows(RowFactory.create(0L), RowFactory.create(1L), RowFactory.create(2L));
  }

  @Test
  void whatIsNoTableOrNoVersionIsRefused() throws Exception {
    Path files = Files.createDirectories(dir.resolve("files"));

    assertThatThrownBy(() -> DeltaSource.open(spark, files.toString(), Optional.empty()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageStartingWith(files + ": not a Delta table");
    String table = table(1, 1);
    assertThatThrownBy(() -> DeltaSource.open(spark, table, Optional.of(99L)))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("TABLE_VERSION_GONE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
            })
        .hasMessageStartingWith(table + ": version 99 can no longer be read");
  }

  private String table(long rows, int files) {
    String table = dir.resolve("t" + rows + "x" + files).toString();
    spark.range(0, rows, 1, files).toDF("id").write().format("delta").save(table);
    return table;
  }
}
