package io.fsmigrate.offline.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.MigrationFunction;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.testkit.SparkExtension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows that are followed through a step that knows nothing of them. */
@ExtendWith(SparkExtension.class)
class RowFatesTest {
  private static final StructType SOURCE = StructType.fromDDL("id string, at timestamp, x bigint");
  private static final String RECORDS = "id string, original string, original_of string";
  private static final String STEP = "g:1.0.0->2.0.0";

  private final SparkSession session;

  RowFatesTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @Test
  void eachKeepsItsIdThroughAJavaMigration() {
    assertThat(fates(Set.of()))
        .containsExactly(
            "1 accepted 10",
            "2 failed CONTRACT",
            "4 accepted 10",
            "5 accepted 50",
            "6 failed ORIGINAL_UNREADABLE",
            "7 failed ORIGINAL_UNREADABLE");
  }

  @Test
  void whatWasKeptAfterAStepThatHasChangedIsNotTaken() {
    assertThat(fates(Set.of(STEP))).contains("1 accepted 10", "5 failed ORIGINAL_UNREADABLE");
  }

  @Test
  void thousandsAreFollowedByFewTasks() throws Exception {
    int rows = 3000;
    List<Row> records = new ArrayList<>();
    for (int i = 1; i <= rows; i++) {
      // One in a thousand fails again, and one is left out.
      records.add(record("r" + i, i % 1000 == 500 ? -i : i, null));
    }
    Dataset<Row> taken =
        session.createDataFrame(records, StructType.fromDDL(RECORDS)).repartition(3);
    TaskCount tasks = new TaskCount();
    session.sparkContext().addSparkListener(tasks);
    Map<String, Row> fates = new HashMap<>();
    try {
      new RowFates(session, pipeline(), Set.of(), 700)
          .of(taken)
          .collectAsList()
          .forEach(row -> fates.put(row.getString(0), row));
      session.sparkContext().listenerBus().waitUntilEmpty(60_000);
    } finally {
      session.sparkContext().removeSparkListener(tasks);
    }

    assertThat(fates).hasSize(rows - 1).doesNotContainKey("r3");
    fates.forEach(
        (id, row) -> {
          long x = Long.parseLong(id.substring(1));
          if (x % 1000 == 500) {
            assertThat(row.getString(2)).as(id).isEqualTo("CONTRACT");
          } else {
            assertThat(row.getStruct(7).getLong(2)).as(id).isEqualTo(10 * x);
          }
        });
    assertThat(tasks.ended.get()).isPositive().isLessThan(rows / 10);
  }

  /** Tasks of every job, also of those that only prepare. */
  private static final class TaskCount extends SparkListener {
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      ended.incrementAndGet();
    }
  }

  private RowPipeline pipeline() {
    return PipelineCompiler.compile(
        session, new MigrationPath(List.of(tenfold())), target(), Optional.empty(), SOURCE, true);
  }

  private List<String> fates(Set<String> changed) {
    Dataset<Row> records =
        session.createDataFrame(
            List.of(
                record("1", 1, null),
                record("2", -1, null),
                // The migration leaves it out.
                record("3", 3, null),
                // Equal to the first in everything but its id.
                record("4", 1, null),
                record("5", 50, STEP),
                record("6", 1, "g:0.1.0->1.0.0"),
                RowFactory.create("7", "{\"id\":\"a\",\"at\":null,\"x\":\"text\"}", null)),
            StructType.fromDDL(RECORDS));
    RowFates fates = new RowFates(session, pipeline(), changed);
    assertThat(fates.mayDropRows()).isTrue();
    return fates.of(records).collectAsList().stream()
        .map(
            row ->
                "%s %s %s"
                    .formatted(
                        row.getString(0),
                        row.getString(1),
                        row.isNullAt(2) ? row.getStruct(7).get(2) : row.getString(2)))
        .sorted()
        .toList();
  }

  private static Row record(String id, long x, String of) {
    String original = "{\"id\":\"a\",\"at\":\"2026-01-02T00:00:00.000000Z\",\"x\":%d}".formatted(x);
    return RowFactory.create(id, original, of);
  }

  private static JavaMigration tenfold() {
    return JavaMigration.of(
        new MigrationFunction() {
          @Override
          public String group() {
            return "g";
          }

          @Override
          public String from() {
            return "1.0.0";
          }

          @Override
          public String to() {
            return "2.0.0";
          }

          @Override
          public boolean rowLocal() {
            return true;
          }

          @Override
          public boolean dropsRows() {
            return true;
          }

          @Override
          public Dataset<Row> apply(Dataset<Row> rows) {
            MapFunction<Row, Row> times =
                row -> RowFactory.create(row.get(0), row.get(1), 10 * row.getLong(2));
            return rows.where("x <> 3").map(times, rows.encoder());
          }
        });
  }

  private static VersionedGroup target() {
    return new VersionedGroup(
        "g",
        new FeatureVersion("2.0.0"),
        new FeatureSchema(
            List.of(
                new Feature("id", FeatureType.parse("string")),
                new Feature("at", FeatureType.parse("timestamp")),
                new Feature("x", FeatureType.parse("bigint")))),
        "id",
        "at",
        List.of(new ContractRule("positive", "x >= 0", Optional.of("x"))),
        List.of());
  }
}
