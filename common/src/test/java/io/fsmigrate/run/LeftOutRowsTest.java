package io.fsmigrate.run;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A source that reads rows and keeps them back: every one is accounted for. */
@ExtendWith(SparkExtension.class)
class LeftOutRowsTest {
  private static final String ROWS =
      "SELECT string(id) AS id, timestamp_seconds(id) AS at, id AS n, double(id) AS x FROM range(100)";

  @TempDir Path dir;
  private final SparkSession spark;

  LeftOutRowsTest(SparkSession spark) {
    this.spark = spark;
  }

  /** Keeps back ids that end in 7. */
  private record Without7(OfflineSource all, boolean counts) implements OfflineSource {
    @Override
    public SourceSnapshot snapshot() {
      return all.snapshot();
    }

    @Override
    public StructType schema() {
      return all.schema();
    }

    @Override
    public java.util.List<InputSlice> slices() {
      return all.slices();
    }

    @Override
    public Dataset<Row> read(InputUnit unit) {
      return all.read(unit).where("NOT " + SEVEN);
    }

    @Override
    public boolean leavesOutRows() {
      return counts;
    }

    @Override
    public Dataset<Row> read(InputUnit unit, String observation) {
      return all.read(unit)
          .observe(observation, count(expr("CASE WHEN " + SEVEN + " THEN 1 END")).as(LEFT_OUT))
          .where("NOT " + SEVEN);
    }

    private static final String SEVEN = "coalesce(n % 10 = 7, false)";
  }

  @Test
  void theyCountAsFiltered() {
    Map<String, Long> counted = execute(true, Optional.empty());

    assertThat(counted)
        .containsEntry(Counters.READ, 100L)
        .containsEntry(Counters.FILTERED, 10L)
        .containsEntry(Counters.ACCEPTED, 90L);
  }

  @Test
  void withAFilterQueryBothCount() {
    Map<String, Long> counted = execute(true, Optional.of("n < 50"));

    assertThat(counted)
        .containsEntry(Counters.FILTERED, 100L - 45)
        .containsEntry(Counters.ACCEPTED, 45L);
  }

  @Test
  void aSourceThatKeepsBackInSilenceBreaksTheSums() {
    assertThatThrownBy(() -> execute(false, Optional.empty()))
        .hasFieldOrPropertyWithValue("code", "SUMS_DO_NOT_ADD_UP");
  }

  private Map<String, Long> execute(boolean counts, Optional<String> filter) {
    MigrationHouse house = new MigrationHouse(dir, spark);
    String source = house.parquet("rows", ROWS, 3);
    MigrateRequest request =
        MigrateRequest.builder(source, "main:visits@2.0.0")
            .filterQuery(filter)
            .allowPartial(true)
            .createBranch(true)
            .build();
    PreparedRun planned = house.planner().plan(request);
    PreparedRun prepared =
        new PreparedRun(
            planned.plan(),
            planned.session(),
            new Without7(planned.source(), counts),
            planned.pipeline(),
            planned.units(),
            planned.target(),
            planned.stores(),
            planned.masking());
    String warehouse = dir.resolve("state").toString();
    SparkSession session = planned.session();
    LeaseKeeper lease = Leases.of(warehouse);
    return new OfflinePhase(
            prepared,
            "run",
            new RunTable(session, dir.resolve("table").toString(), 30),
            new FailedRecords(
                session,
                new Warehouse(warehouse),
                lease,
                30,
                Clock.systemUTC(),
                RowProtection.none()),
            new UnitProgress(warehouse, "run", new Configuration(), Clock.systemUTC()),
            house.settings(),
            MaxFailures.parse("0"),
            lease,
            event -> {})
        .execute();
  }
}
