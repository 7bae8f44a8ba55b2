package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetFooter;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * The offline store of a feature group as the place where rows are added in bulk: Parquet files in
 * the layout of the Glue format, {@code year=/month=/day=/hour=} of the event time in UTC, as the
 * service itself writes them. No record passes the runtime API.
 *
 * <p>Rows whose identifier and event time are there already are not added again, so that repeating
 * a run changes nothing. See {@link FinalNames} for how files are committed.
 */
public final class GlueTarget {
  /**
   * Settings of the session, which is the run's own, while it writes. Delta commits in its own way.
   * Where no row is left to write, the rule would cut off the part of the plan that has counted.
   */
  private static final Map<String, String> WRITING =
      Map.of(
          "spark.sql.sources.commitProtocolClass",
          FinalNames.class.getName(),
          "spark.sql.adaptive.optimizer.excludedRules",
          "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation");

  private static final String MARK = "offline-written.json";
  private static final String THERE = "__fs_there";
  private static final String ID = "__fs_id";
  private static final String EVENT = "__fs_event";

  private final SparkSession session;
  private final FeatureGroupDescription group;
  private final VersionedGroup version;
  private final String location;

  /**
   * What became of the rows.
   *
   * @param rows read, by the scans' own counts
   * @param written by the footers of the new files
   * @param unchanged there already, counted on the way
   * @param files new ones
   */
  public record Written(long rows, long written, long unchanged, long files) {}

  private GlueTarget(
      SparkSession session,
      FeatureGroupDescription group,
      VersionedGroup version,
      String location) {
    this.session = session;
    this.group = group;
    this.version = version;
    this.location = location;
  }

  /**
   * Checks that rows of a version can be added; writes nothing.
   *
   * @throws io.fsmigrate.error.FsMigrateException TARGET_IS_ICEBERG, TARGET_HAS_NO_OFFLINE_STORE,
   *     FEATURE_TYPES_DIFFER with all differences
   */
  public static GlueTarget open(
      SparkSession session,
      FeatureGroupDescription group,
      VersionedGroup version,
      SageMakerSettings settings) {
    if (group.offline().isEmpty()) {
      throw SageMakerSourceErrors.noOfflineStore(group.name());
    }
    if (group.offline().get().isIceberg()) {
      throw SageMakerSourceErrors.iceberg(group.name());
    }
    List<String> differences = new ArrayList<>(GroupColumns.differences(group, version));
    for (Feature feature : version.schema().features()) {
      if (feature.type().sageMaker().collection().isPresent()) {
        differences.add(
            "%s %s is a collection, which no offline store holds"
                .formatted(feature.name(), feature.type()));
      }
    }
    if (!differences.isEmpty()) {
      throw SageMakerSourceErrors.typesDiffer(group.name(), version.address(), differences);
    }
    return new GlueTarget(session, group, version, settings.path(group.offline().get().location()));
  }

  /**
   * Adds the rows that are not there yet. Called again for the same run it removes what a killed
   * attempt has left and starts over, or tells again what a finished one did.
   *
   * @param source rows of the version
   * @param runDirectory the run's own; its last name is the run's id and starts the files' names
   * @param now the time that the rows are written at
   * @throws io.fsmigrate.error.FsMigrateException STORE_UNAVAILABLE, SUMS_DO_NOT_ADD_UP
   */
  public Written write(OfflineSource source, Path runDirectory, Instant now) {
    RunFiles files = new RunFiles(runDirectory.toString(), hadoop());
    Optional<Written> before = files.read(MARK, Written.class);
    if (before.isPresent()) {
      return before.get();
    }
    String run = RunFiles.run(runDirectory);
    List<PinnedFile> there = cleanUp(run);
    Dataset<Row> rows = source.read(UnitPacking.single(source.slices()).get(0));
    // A Delta source's rows are of the session that was active when it was opened.
    try (RowMeter meter = new RowMeter(rows.sparkSession())) {
      meter.expect(run);
      Dataset<Row> marked =
          mark(encoded(rows, now), there)
              .observe(RowMeter.name(run, "rows"), count(when(col(THERE), lit(1))).as("unchanged"));
      save(marked.where(not(col(THERE))).drop(THERE, ID, EVENT), run);
      RowMeter.Measured measured = meter.await(run);
      Written written = written(run, measured);
      files.write(MARK, written);
      return written;
    }
  }

  private Written written(String run, RowMeter.Measured measured) {
    List<ParquetFooter> own =
        ParquetFooter.readAll(list().stream().filter(f -> isOf(run, f)).toList(), hadoop());
    long added = own.stream().flatMap(f -> f.slices().stream()).mapToLong(s -> s.rows()).sum();
    Row observed = measured.observed().get("rows");
    long unchanged = observed == null ? 0 : observed.getLong(0);
    long rows = measured.scanned().getOrDefault("rows", 0L);
    if (rows != added + unchanged) {
      throw SageMakerSourceErrors.sums(group.name(), rows, added, unchanged);
    }
    return new Written(rows, added, unchanged, own.size());
  }

  /** Removes what an earlier attempt of the run has written; returns the other files. */
  private List<PinnedFile> cleanUp(String run) {
    List<PinnedFile> others = new ArrayList<>();
    for (PinnedFile file : list()) {
      if (!isOf(run, file)) {
        others.add(file);
        continue;
      }
      Path path = new Path(file.path());
      try {
        path.getFileSystem(hadoop()).delete(path, false);
      } catch (IOException e) {
        throw SageMakerSourceErrors.io(file.path(), e);
      }
    }
    return others;
  }

  private static boolean isOf(String run, PinnedFile file) {
    return new Path(file.path()).getName().matches(Pattern.quote(run) + "-\\d{5,}\\.c\\d.*");
  }

  private List<PinnedFile> list() {
    try {
      return ParquetSource.list(location, hadoop());
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(location, e);
    }
  }

  private Dataset<Row> encoded(Dataset<Row> rows, Instant now) {
    Dataset<Row> features = rows.select(GlueRows.features(group, version).toArray(Column[]::new));
    List<Column> all = new ArrayList<>();
    for (String name : features.columns()) {
      all.add(Rows.named(name));
    }
    all.add(lit(now).as(GroupColumns.WRITE_TIME));
    all.add(lit(now).as(GroupColumns.INVOCATION_TIME));
    all.add(lit(false).as(GroupColumns.IS_DELETED));
    all.addAll(GlueRows.hour(GlueRows.instant(group)));
    all.add(Rows.identifier(group).as(ID));
    all.add(GlueRows.eventKey(group).as(EVENT));
    return features.select(all.toArray(Column[]::new));
  }

  private Dataset<Row> mark(Dataset<Row> rows, List<PinnedFile> there) {
    if (there.isEmpty()) {
      return rows.withColumn(THERE, lit(false));
    }
    StructType columns =
        new StructType()
            .add(group.recordIdentifier(), GroupColumns.type(identifier()))
            .add(group.eventTime(), GroupColumns.type(group.eventTimeDefinition()));
    Dataset<Row> keys =
        rows.sparkSession()
            .read()
            .schema(columns)
            .option("recursiveFileLookup", "true")
            .option("__globPaths__", "false")
            .option(ParquetSource.NOT_COUNTED, "true")
            .parquet(there.stream().map(PinnedFile::path).toArray(String[]::new))
            .select(
                Rows.identifier(group).as("__fs_there_id"),
                GlueRows.eventKey(group).as("__fs_there_event"))
            .distinct()
            .withColumn("__fs_match", lit(true));
    return rows.join(
            keys,
            col(ID).equalTo(col("__fs_there_id")).and(col(EVENT).equalTo(col("__fs_there_event"))),
            "left_outer")
        .withColumn(THERE, col("__fs_match").isNotNull())
        .drop("__fs_there_id", "__fs_there_event", "__fs_match");
  }

  private FeatureGroupDescription.Definition identifier() {
    return group.find(group.recordIdentifier()).orElseThrow();
  }

  /** Small hours share a task, and one that is too large for a task has several. */
  private void save(Dataset<Row> rows, String run) {
    Column[] hour = GlueRows.HOUR.stream().map(Rows::named).toArray(Column[]::new);
    RuntimeConfig conf = rows.sparkSession().conf();
    Map<String, Option<String>> before = new HashMap<>();
    WRITING.keySet().forEach(key -> before.put(key, conf.getOption(key)));
    try {
      WRITING.forEach(conf::set);
      rows.hint("rebalance", (Object[]) hour)
          .write()
          .mode("append")
          .option(FinalNames.RUN, run)
          .partitionBy(GlueRows.HOUR.toArray(String[]::new))
          .parquet(location);
    } catch (Exception e) {
      // Spark declares the failure of a job nowhere, and in Scala it is a checked exception.
      throw SageMakerSourceErrors.io(location, e);
    } finally {
      before.forEach(
          (key, value) -> {
            if (value.isDefined()) {
              conf.set(key, value.get());
            } else {
              conf.unset(key);
            }
          });
    }
  }

  private Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }
}
