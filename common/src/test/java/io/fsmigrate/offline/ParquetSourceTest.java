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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SparkExtension.class)
class ParquetSourceTest {
  private static final int ROWS = 6_000;

  @TempDir static Path shared;
  private static Path rowGroups;

  @TempDir Path dir;
  private final SparkSession spark;

  ParquetSourceTest(SparkSession spark) {
    this.spark = spark.newSession();
  }

  @BeforeAll
  static void writeOneFileOfManyRowGroups(SparkSession spark) throws Exception {
    rowGroups = shared.resolve("groups.parquet");
    Path written = shared.resolve("written");
    spark
        .range(ROWS)
        .selectExpr("id", "sha2(string(id), 256) AS text")
        .coalesce(1)
        .write()
        .option("parquet.block.size", 32 << 10)
        .option("parquet.page.size", 4 << 10)
        .option("parquet.enable.dictionary", "false")
        .option("compression", "none")
        .parquet(written.toString());
    try (var files = Files.list(written)) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(file, rowGroups);
    }
  }

  @ParameterizedTest(name = "units of {0} bytes, splits of {1}")
  @CsvSource({
    "1, 128m",
    "1, 10000b",
    "50000, 128m",
    "50000, 7001b",
    "70000, 40000b",
    "200000, 65536b",
    "100000000, 33333b",
    "100000000, 128m"
  })
  void eachRowIsInExactlyOneUnitHoweverSparkSplits(long unitBytes, String split) {
    spark.conf().set("spark.sql.files.maxPartitionBytes", split);
    ParquetSource source = ParquetSource.open(spark, rowGroups.toString());
    List<InputUnit> units = new UnitPacking(unitBytes, 1).pack(source.slices());

    List<Long> ids = new ArrayList<>();
    for (InputUnit unit : units) {
      List<Row> rows = source.read(unit).collectAsList();
      assertThat(rows).as(unit.id()).hasSize((int) unit.rows());
      rows.forEach(row -> ids.add(row.getLong(0)));
    }

    assertThat(ids).containsExactlyInAnyOrderElementsOf(LongStream.range(0, ROWS).boxed().toList());
  }

  @Test
  void theFootersTellRowsAndRangesWithoutAScan() throws Exception {
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      ParquetSource source = ParquetSource.open(spark, rowGroups.toString());

      assertThat(source.slices()).hasSizeGreaterThan(8);
      assertThat(source.snapshot().rows()).contains((long) ROWS);
      assertThat(source.snapshot().files()).isEqualTo(1);
      assertThat(source.snapshot().bytes()).isEqualTo(Files.size(rowGroups));
      assertThat(source.slices().stream().mapToLong(InputSlice::length).sum())
          .isEqualTo(Files.size(rowGroups));
      assertThat(source.schema().toDDL()).isEqualTo("id BIGINT,text STRING");
      assertThat(metrics.recordsRead()).isZero();
    }
  }

  @Test
  void readingAUnitReadsItsRowsOnly() {
    ParquetSource source = ParquetSource.open(spark, rowGroups.toString());
    InputUnit unit = new UnitPacking(1, 1).pack(source.slices()).get(3);

    try (InputMetrics metrics = InputMetrics.of(spark)) {
      assertThat(source.read(unit).collectAsList()).hasSize((int) unit.rows());
      assertThat(metrics.recordsRead()).isEqualTo(unit.rows()).isLessThan(ROWS);
    }
  }

  @Test
  void aUnitOfRangesAndWholeFilesIsReadAsOne() throws Exception {
    Files.copy(rowGroups, dir.resolve("a.parquet"));
    Files.copy(rowGroups, dir.resolve("b.parquet"));
    ParquetSource source = ParquetSource.open(spark, dir.toString());
    List<InputSlice> slices = source.slices();
    List<InputSlice> allButTwo = new ArrayList<>(slices);
    long left = allButTwo.remove(3).rows() + allButTwo.remove(4).rows();

    InputUnit unit = UnitPacking.single(allButTwo).get(0);

    assertThat(unit.slices()).hasSize(4);
    assertThat(unit.slices()).filteredOn(InputSlice::wholeFile).hasSize(1);
    assertThat(source.read(unit).count()).isEqualTo(2 * ROWS - left).isEqualTo(unit.rows());
    assertThatDataFrame(source.read(new InputUnit("u0001", List.of())))
        .hasSchema("id bigint, text string")
        .hasRowCount(0);
  }

  @Test
  void aDirectoryIsTakenAtAnyDepthWithoutHiddenFiles() throws Exception {
    write("SELECT 1 AS id", dir.resolve("a"));
    write("SELECT 2 AS id", dir.resolve("b/c"));
    write("SELECT 3 AS id", dir.resolve("_temporary"));
    write("SELECT 4 AS id", dir.resolve(".hidden"));
    Files.writeString(dir.resolve("README.txt"), "not data");

    ParquetSource source = ParquetSource.open(spark, dir.toString());

    assertThatDataFrame(readAll(source))
        .containsExactlyRows(RowFactory.create(1), RowFactory.create(2));
  }

  @Test
  void partitionDirectoriesAreColumns() {
    spark
        .sql("SELECT 1 AS id, 2026 AS year, 'a:b c' AS place UNION ALL SELECT 2, 2027, NULL")
        .write()
        .partitionBy("year", "place")
        .parquet(dir.resolve("t").toString());

    ParquetSource source = ParquetSource.open(spark, dir.resolve("t").toString());

    assertThatDataFrame(readAll(source))
        .hasSchema("id int, year int, place string")
        .containsExactlyRows(RowFactory.create(1, 2026, "a:b c"), RowFactory.create(2, 2027, null));
    InputUnit second = new UnitPacking(1, 1).pack(source.slices()).get(1);
    assertThatDataFrame(source.read(second)).containsExactlyRows(RowFactory.create(2, 2027, null));
  }

  @Test
  void theTypeOfAPartitionColumnComesFromAllDirectories() {
    write("SELECT 1 AS id", dir.resolve("p=1"));
    write("SELECT 2 AS id", dir.resolve("p=3000000000"));
    write("SELECT 3 AS id", dir.resolve("p=x"));

    ParquetSource source = ParquetSource.open(spark, dir.toString());

    assertThatDataFrame(readAll(source))
        .hasSchema("id int, p string")
        .containsExactlyRows(
            RowFactory.create(1, "1"),
            RowFactory.create(2, "3000000000"),
            RowFactory.create(3, "x"));
  }

  @Test
  void aFileMayHaveAnyName() throws Exception {
    for (String name : List.of("a b.parquet", "a[1].parquet", "{x}.parquet", "50%.dat", "d=1")) {
      Path file = Files.createDirectories(dir.resolve("n")).resolve(name);
      Files.copy(rowGroups, file);
      ParquetSource source = ParquetSource.open(spark, file.toString());

      InputUnit first = new UnitPacking(1, 1).pack(source.slices()).get(0);

      assertThat(readAll(source).count()).as(name).isEqualTo(ROWS);
      assertThat(source.read(first).count()).as(name).isEqualTo(first.rows());
      assertThat(source.schema().size()).as(name).isEqualTo(2);
    }
  }

  @Test
  void theDigestChangesWithTheFiles() throws Exception {
    Path copy = Files.copy(rowGroups, dir.resolve("a.parquet"));
    String before = ParquetSource.open(spark, dir.toString()).snapshot().digest();

    assertThat(ParquetSource.open(spark, dir.toString()).snapshot().digest()).isEqualTo(before);
    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000));
    assertThat(ParquetSource.open(spark, dir.toString()).snapshot().digest()).isNotEqualTo(before);
    assertThat(ParquetSource.open(spark, dir.toString()).snapshot().version())
        .isEqualTo(Optional.empty());
  }

  @Test
  void whatCannotBeASourceIsRefusedByName() throws Exception {
    Path text = Files.writeString(dir.resolve("text.parquet"), "this is not Parquet at all");
    Path empty = Files.createFile(Files.createDirectories(dir.resolve("e")).resolve("x.parquet"));
    Path nothing = Files.createDirectories(dir.resolve("nothing"));
    Files.writeString(nothing.resolve("_SUCCESS"), "");
    Path truncated = dir.resolve("truncated.parquet");
    Files.write(truncated, java.util.Arrays.copyOf(Files.readAllBytes(rowGroups), 1000));

    refused(dir.resolve("missing").toString(), "SOURCE_NOT_FOUND");
    refused(nothing.toString(), "SOURCE_EMPTY");
    refused(text.toString(), "SOURCE_UNREADABLE");
    refused(truncated.toString(), "SOURCE_UNREADABLE");
    refused(empty.getParent().toString(), "SOURCE_UNREADABLE");
  }

  @Test
  void filesOfDifferentColumnsAreRefused() {
    write("SELECT 1 AS id", dir.resolve("a"));
    write("SELECT 1L AS id", dir.resolve("b"));

    assertThatThrownBy(() -> ParquetSource.open(spark, dir.toString()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("SOURCE_MIXED_SCHEMAS"))
        .hasMessageContaining(dir.resolve("b").toString())
        .hasMessageContaining("its columns differ from those of part-");
  }

  private void refused(String location, String code) {
    assertThatThrownBy(() -> ParquetSource.open(spark, location))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            })
        .hasMessageContaining(location)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSizeLessThanOrEqualTo(3));
  }

  private Dataset<Row> readAll(ParquetSource source) {
    return source.read(UnitPacking.single(source.slices()).get(0));
  }

  private void write(String sql, Path to) {
    spark.sql(sql).coalesce(1).write().parquet(to.toString());
  }
}
