package io.fsmigrate.offline;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fsmigrate.testkit.DirectoryListing;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class RunTableTest {
  private static final StructType SCHEMA = StructType.fromDDL("id bigint");

  @TempDir Path dir;
  private final SparkSession spark;

  RunTableTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void isMadeOnce() {
    RunTable table = new RunTable(spark, dir.resolve("t").toString(), 400);

    assertThat(table.exists()).isFalse();
    assertThat(table.commitsAfter(-1)).isEmpty();
    table.create(SCHEMA);
    table.create(SCHEMA);

    assertThat(table.exists()).isTrue();
    assertThat(table.commitsAfter(-1))
        .extracting(TableCommit::version, TableCommit::userMetadata, TableCommit::rows)
        .containsExactly(tuple(0L, Optional.empty(), 0L));
    List<String> properties =
        spark
            .sql("SHOW TBLPROPERTIES delta.`%s`".formatted(table.location()))
            .collectAsList()
            .stream()
            .map(row -> row.getString(0) + "=" + row.getString(1))
            .toList();
    assertThat(properties)
        .contains(
            "delta.deletedFileRetentionDuration=interval 400 days",
            "delta.logRetentionDuration=interval 400 days");
  }

  @Test
  void aTransactionIsWrittenOnce() {
    RunTable table = new RunTable(spark, dir.resolve("t").toString(), 400);
    table.create(SCHEMA);

    table.append(ids(0, 3), "run/a", "one");
    table.append(ids(0, 3), "run/a", "one");
    table.append(ids(3, 5), "run/b", "two");
    table.append(ids(3, 5), "run/b", "again");

    assertThatDataFrame(spark.read().format("delta").load(table.location()))
        .containsExactlyRows(
            RowFactory.create(0L),
            RowFactory.create(1L),
            RowFactory.create(2L),
            RowFactory.create(3L),
            RowFactory.create(4L));
    assertThat(table.commitsAfter(0))
        .extracting(TableCommit::version, TableCommit::userMetadata, TableCommit::rows)
        .containsExactly(tuple(1L, Optional.of("one"), 3L), tuple(2L, Optional.of("two"), 2L));
    assertThat(table.commitsAfter(1)).hasSize(1).allMatch(c -> c.files() > 0 && c.bytes() > 0);
    assertThat(table.commitsAfter(2)).isEmpty();
  }

  @Test
  void aCommitWithoutRowsLeavesItsTraceToo() {
    RunTable table = new RunTable(spark, dir.resolve("t").toString(), 400);
    table.create(SCHEMA);

    table.append(ids(0, 0), "run/a", "nothing");

    assertThat(table.commitsAfter(0))
        .extracting(TableCommit::userMetadata, TableCommit::rows)
        .containsExactly(tuple(Optional.of("nothing"), 0L));
  }

  @Test
  void aCloneHasTheRowsWithoutTheFilesAndLeavesTheOriginalAlone() throws Exception {
    RunTable original = new RunTable(spark, dir.resolve("original").toString(), 400);
    original.create(SCHEMA);
    original.append(ids(0, 3), "a", "one");
    original.append(ids(3, 5), "b", "two");
    RunTable clone = new RunTable(spark, dir.resolve("clone").toString(), 400);

    clone.cloneFrom(original.location(), 1);
    clone.cloneFrom(original.location(), 2);
    DirectoryListing before = DirectoryListing.of(dir.resolve("original"));
    clone.append(ids(10, 11), "c", "three");

    assertThatDataFrame(spark.read().format("delta").load(clone.location()))
        .containsExactlyRows(
            RowFactory.create(0L),
            RowFactory.create(1L),
            RowFactory.create(2L),
            RowFactory.create(10L));
    try (var files = Files.list(dir.resolve("clone"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".parquet"))).isNotEmpty();
    }
    assertThat(DirectoryListing.of(dir.resolve("original"))).isEqualTo(before);
    assertThatDataFrame(spark.read().format("delta").load(original.location())).hasRowCount(5);
  }

  private Dataset<Row> ids(long from, long to) {
    return spark.range(from, to).toDF("id");
  }
}
