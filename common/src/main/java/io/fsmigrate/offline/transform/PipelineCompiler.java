package io.fsmigrate.offline.transform;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.migration.SqlMigration;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.OfflineErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Compiles a migration path and the target's contract into a {@link RowPipeline}, on an empty
 * frame: whatever does not resolve is refused here, with the migration and the step named, before
 * any data is read.
 */
public final class PipelineCompiler {
  private final SparkSession session;
  private final List<Check> checks = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();
  private final Set<String> opaqueClasses = new HashSet<>();
  private Optional<String> declaredNotRowLocal = Optional.empty();
  private SegmentBuilder current;
  private int firstOfContract;

  private PipelineCompiler(SparkSession session) {
    this.session = session;
  }

  /**
   * @param path the migrations to apply; with an empty path the source's columns of the target's
   *     names are cast to the target's types where nothing can be lost, or checked row by row
   * @param target what the rows must become
   * @param filterQuery the rows of the source to take
   * @param source the source's columns
   * @param strict whether a column that is no feature of the target is an error rather than left
   *     out
   * @throws FsMigrateException MIGRATION_UNRESOLVED, FILTER_REFUSED
   */
  public static RowPipeline compile(
      SparkSession session,
      MigrationPath path,
      VersionedGroup target,
      Optional<String> filterQuery,
      StructType source,
      boolean strict) {
    return compile(session, path, target, filterQuery, source, strict, List.of());
  }

  /**
   * The same for a source whose columns have to be decoded first; filter query and migrations see
   * the decoded values.
   */
  public static RowPipeline compile(
      SparkSession session,
      MigrationPath path,
      VersionedGroup target,
      Optional<String> filterQuery,
      StructType source,
      boolean strict,
      List<Decoding> decodings) {
    return compile(session, path, target, filterQuery, source, strict, decodings, Optional.empty());
  }

  /**
   * The same for some of the records.
   *
   * @param fromRecord the record identifier of the target at which to begin, in the order of its
   *     type; text is ordered by its bytes in UTF-8
   * @throws FsMigrateException INVALID_RECORD_IDENTIFIER where it is none of that type
   */
  public static RowPipeline compile(
      SparkSession session,
      MigrationPath path,
      VersionedGroup target,
      Optional<String> filterQuery,
      StructType source,
      boolean strict,
      List<Decoding> decodings,
      Optional<String> fromRecord) {
    return new PipelineCompiler(session)
        .compile(path, target, filterQuery, source, strict, decodings, fromRecord);
  }

  private RowPipeline compile(
      MigrationPath path,
      VersionedGroup target,
      Optional<String> filterQuery,
      StructType source,
      boolean strict,
      List<Decoding> decodings,
      Optional<String> fromRecord) {
    for (String column : source.fieldNames()) {
      if (column.startsWith(Hidden.PREFIX)) {
        throw OfflineErrors.unresolved(
            "source", "its column " + column + " has a reserved name", "rename it at the source");
      }
    }
    Dataset<Row> empty = session.createDataFrame(List.of(), source);
    start(empty, filterQuery, decodings);
    path.migrations().forEach(this::migrate);
    TargetCompiler arrival = new TargetCompiler(target, current);
    List<String> leftOut = arrival.fit(path.isEmpty(), strict);
    fromRecord.ifPresent(arrival::beginAt);
    firstOfContract = checks.size();
    arrival.contract();
    segments.add(current.build());
    LogicalPlan plan =
        Catalyst.analyzed(
            pipeline(target, Optional.empty(), leftOut, 1).accepted(empty, "of-the-plan"));
    return pipeline(
        target,
        declaredNotRowLocal.or(() -> Catalyst.notRowLocal(plan)),
        leftOut,
        (double) Catalyst.columnsRead(plan) / Math.max(1, source.size()));
  }

  private RowPipeline pipeline(
      VersionedGroup target,
      Optional<String> notRowLocal,
      List<String> leftOut,
      double shareOfColumnsRead) {
    return new RowPipeline(
        segments,
        checks,
        firstOfContract,
        target.schema().names(),
        notRowLocal,
        leftOut,
        opaqueClasses,
        shareOfColumnsRead,
        !target.schema().sensitive().isEmpty());
  }

  private void start(Dataset<Row> empty, Optional<String> filterQuery, List<Decoding> decodings) {
    Dataset<Row> decoded = session.createDataFrame(List.of(), decoded(empty.schema(), decodings));
    Optional<FilterQuery> filter = filterQuery.map(query -> FilterQuery.parse(query, decoded));
    Optional<FilterQuery> pushed =
        filter.filter(
            f ->
                f.canBePushedDown()
                    && decodings.stream()
                        .noneMatch(
                            d -> f.columns().stream().anyMatch(d.column()::equalsIgnoreCase)));
    UnaryOperator<Dataset<Row>> entry =
        pushed
            .<UnaryOperator<Dataset<Row>>>map(f -> rows -> rows.where(f.condition()))
            .orElse(UnaryOperator.identity());
    current = new SegmentBuilder(Optional.empty(), entry, false, empty, checks);
    decodings.forEach(current::decode);
    if (pushed.isEmpty()) {
      filter.ifPresent(f -> current.filter("filter query", f.condition(), f.text()));
    }
  }

  private static StructType decoded(StructType source, List<Decoding> decodings) {
    StructType decoded = new StructType();
    for (StructField field : source.fields()) {
      DataType type =
          decodings.stream()
              .filter(d -> d.column().equalsIgnoreCase(field.name()))
              .map(Decoding::to)
              .findFirst()
              .orElse(field.dataType());
      decoded = decoded.add(field.name(), type, field.nullable());
    }
    return decoded;
  }

  private void migrate(Migration migration) {
    if (migration instanceof DeclarativeMigration declarative) {
      new StepCompiler(session, current).compile(declarative);
    } else if (migration instanceof SqlMigration sql) {
      new SqlCompiler(session, sql)
          .compile(current)
          .ifPresent(query -> opaque(sql.id(), query, true));
    } else if (migration instanceof JavaMigration java) {
      if (!java.function().rowLocal()) {
        declaredNotRowLocal = Optional.of(java.id() + " is declared not row-local");
      }
      opaqueClasses.addAll(java.code().classes());
      Dataset<Row> after =
          opaque(java.id(), rows -> java.function().apply(rows), java.function().dropsRows());
      if (java.function().rowLocal()) {
        requireRowLocal(java.id(), after);
      }
    }
  }

  /** A declaration that the query contradicts is a mistake in one of the two. */
  private static void requireRowLocal(String id, Dataset<Row> after) {
    Catalyst.notRowLocal(Catalyst.analyzed(after))
        .ifPresent(
            why -> {
              throw OfflineErrors.unresolved(
                  id,
                  "rowLocal() is true, but its query has " + why,
                  "give false there, or build a query that takes each row on its own");
            });
  }

  /**
   * Starts a new segment with a step that we cannot look into.
   *
   * @return what the step gives for an empty frame; its plan holds nothing of the steps before
   */
  private Dataset<Row> opaque(String id, UnaryOperator<Dataset<Row>> step, boolean mayDropRows) {
    Dataset<Row> before = session.createDataFrame(List.of(), current.visibleFrame().schema());
    segments.add(current.build());
    Dataset<Row> after;
    try {
      after = Objects.requireNonNull(step.apply(before), "it gives null and no rows");
    } catch (Exception | LinkageError e) {
      // The step is foreign code: whatever it throws on an empty frame is its definition's fault.
      throw OfflineErrors.unresolved(id, told(e), "correct the migration");
    }
    current = new SegmentBuilder(Optional.of(id), step, mayDropRows, after, checks);
    return after;
  }

  /** Spark's errors begin with their name; of others, such as a missing class, the kind matters. */
  private static String told(Throwable thrown) {
    String text = OfflineErrors.firstLine(thrown);
    return thrown instanceof SparkThrowable || text.startsWith(thrown.getClass().getName())
        ? text
        : thrown.getClass().getSimpleName() + ": " + text;
  }
}
