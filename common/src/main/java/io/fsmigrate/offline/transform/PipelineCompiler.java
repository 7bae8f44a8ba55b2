package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.expr;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.migration.SqlMigration;
import io.fsmigrate.migration.Step;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.OfflineErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
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
    List<String> leftOut = fitTarget(path, target, strict);
    fromRecord.ifPresent(record -> beginAt(target, record));
    contract(target);
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
      int number = 0;
      for (Step step : declarative.steps()) {
        number++;
        apply("%s, step %d (%s)".formatted(migration.id(), number, step.kind()), step);
      }
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

  private void apply(String what, Step step) {
    if (step instanceof Step.Rename rename) {
      String from = existing(what, rename.from());
      if (!from.equalsIgnoreCase(rename.to())) {
        absent(what, rename.to());
      }
      LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
      for (String column : current.columns()) {
        columns.put(column.equals(from) ? rename.to() : column, Hidden.named(column));
      }
      current.select(columns);
    } else if (step instanceof Step.Drop drop) {
      String dropped = existing(what, drop.name());
      LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
      for (String column : current.columns()) {
        if (!column.equals(dropped)) {
          columns.put(column, Hidden.named(column));
        }
      }
      current.select(columns);
    } else if (step instanceof Step.Add add) {
      absent(what, add.name());
      current.set(what, add.name(), parsed(what, add.valueSql()), add.valueSql());
      add.type().ifPresent(type -> current.cast(what, add.name(), DataType.fromDDL(type.sql())));
    } else if (step instanceof Step.SetTo set) {
      current.set(what, set.name(), parsed(what, set.expression()), set.expression());
    } else if (step instanceof Step.Cast cast) {
      String column = existing(what, cast.name());
      current.cast(what, column, DataType.fromDDL(cast.to().sql()));
    } else if (step instanceof Step.Filter filter) {
      current.filter(what, parsed(what, filter.expression()), filter.expression());
    } else {
      throw new IllegalStateException("Not a step: " + step);
    }
  }

  private Column parsed(String what, String sql) {
    try {
      return Catalyst.column(Catalyst.parseExpression(session, sql));
    } catch (Exception e) {
      // Scala's parse errors are checked exceptions that no signature declares.
      throw OfflineErrors.unresolved(
          what, "%s is not an expression".formatted(sql), OfflineErrors.firstLine(e));
    }
  }

  private String existing(String what, String column) {
    return current
        .find(column)
        .orElseThrow(
            () ->
                OfflineErrors.unresolved(
                    what,
                    "there is no column " + column,
                    "the columns there are: " + String.join(", ", current.columns())));
  }

  private void absent(String what, String column) {
    current
        .find(column)
        .ifPresent(
            there -> {
              throw OfflineErrors.unresolved(
                  what,
                  "there is a column %s already".formatted(there),
                  "drop or rename that one first, or choose another name");
            });
  }

  /** Brings the columns into the target's order and holds their types against the definition. */
  private List<String> fitTarget(MigrationPath path, VersionedGroup target, boolean strict) {
    List<String> problems = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      Optional<String> there = current.find(feature.name());
      DataType wanted = DataType.fromDDL(feature.type().sql());
      if (there.isEmpty()) {
        problems.add("%s %s is missing".formatted(feature.name(), feature.type()));
      } else if (!current.type(there.get()).sameType(wanted)) {
        if (path.isEmpty()) {
          current.cast("direct migration", there.get(), wanted);
        } else {
          problems.add(
              "%s is %s, not %s"
                  .formatted(
                      feature.name(), current.type(there.get()).simpleString(), feature.type()));
        }
      }
    }
    List<String> leftOut =
        current.columns().stream()
            .filter(column -> target.schema().find(column).isEmpty())
            .toList();
    if (strict && !leftOut.isEmpty()) {
      leftOut.forEach(column -> problems.add("%s is not a feature of it".formatted(column)));
    }
    if (!problems.isEmpty()) {
      throw OfflineErrors.unresolved(
          target.address(),
          "after the migration path " + String.join("; ", problems),
          "add, drop or cast in a migration, or correct the definition");
    }
    LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
    for (Feature feature : target.schema().features()) {
      columns.put(feature.name(), Hidden.named(current.find(feature.name()).orElseThrow()));
    }
    current.select(columns);
    return leftOut;
  }

  /** Rows without an identifier stay: they fail the contract. */
  private void beginAt(VersionedGroup target, String record) {
    String id = target.recordIdentifier();
    DataType type = current.type(id);
    Column bound = functions.lit(record);
    if (!(type instanceof StringType)) {
      try {
        bound = functions.lit(Long.parseLong(record.strip()));
      } catch (NumberFormatException e) {
        throw OfflineErrors.invalidRecordIdentifier(record, id, type.simpleString());
      }
    }
    current.filter(
        "record range",
        Hidden.named(id).isNull().or(Hidden.named(id).geq(bound)),
        "%s >= %s".formatted(id, record));
  }

  private void contract(VersionedGroup target) {
    firstOfContract = checks.size();
    required(target.recordIdentifier(), "RECORD_IDENTIFIER_MISSING", "record identifier");
    required(target.eventTime(), "EVENT_TIME_MISSING", "event time");
    for (ContractRule rule : target.rules()) {
      String what = "%s, contract rule %s".formatted(target.address(), rule.name());
      Column condition;
      try {
        condition = expr(rule.expression());
      } catch (RuntimeException e) {
        throw OfflineErrors.unresolved(what, OfflineErrors.firstLine(e), "correct the rule");
      }
      current.rule(
          what,
          condition,
          new Check(
              "CONTRACT",
              "%s: %s".formatted(rule.name(), rule.expression().strip()),
              rule.feature()),
          rule.feature().map(feature -> Hidden.named(feature).cast("string")));
    }
  }

  private void required(String feature, String code, String role) {
    Column column = Hidden.named(feature);
    current.check(
        new Check(
            code,
            "the %s %s is null".formatted(role, feature).toLowerCase(Locale.ROOT),
            Optional.of(feature)),
        column.isNull(),
        column.cast("string"));
  }
}
