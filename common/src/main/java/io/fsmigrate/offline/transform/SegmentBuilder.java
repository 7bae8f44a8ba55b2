package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.OfflineErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Builds the projections of one segment. It keeps an empty frame at the state that the projections
 * have reached so far, so that every expression is resolved, and refused, before any data is read.
 */
final class SegmentBuilder {
  private final Optional<String> name;
  private final UnaryOperator<Dataset<Row>> entry;
  private final boolean mayDropRows;
  private final List<Check> checks;
  private final List<List<Column>> stages = new ArrayList<>();
  private final StructType input;
  private Dataset<Row> frame;
  private boolean filters;

  /** A check that is not in the frame yet. */
  private record Pending(Check check, Column failed, Column value) {}

  /**
   * @param frame an empty frame of the segment's input columns
   * @param checks where new checks are appended; their place is their number
   */
  SegmentBuilder(
      Optional<String> name,
      UnaryOperator<Dataset<Row>> entry,
      boolean mayDropRows,
      Dataset<Row> frame,
      List<Check> checks) {
    this.name = name;
    this.entry = entry;
    this.mayDropRows = mayDropRows;
    this.checks = checks;
    this.input = frame.schema();
    this.frame = Catalyst.select(frame, List.of(Segment.start(input, Segment.original(input))));
  }

  Segment build() {
    return new Segment(name, input, entry, stages, mayDropRows);
  }

  /** The columns so far, without the hidden ones. */
  List<String> columns() {
    return Arrays.stream(frame.columns()).filter(c -> !Hidden.ALL.contains(c)).toList();
  }

  /** An empty frame of the columns so far, without the hidden ones. */
  Dataset<Row> visibleFrame() {
    return frame.select(columns().stream().map(Hidden::named).toArray(Column[]::new));
  }

  DataType type(String column) {
    return frame.schema().apply(find(column).orElseThrow()).dataType();
  }

  /** The column of that name, compared without case, as it is written in the frame. */
  Optional<String> find(String column) {
    return columns().stream().filter(c -> c.equalsIgnoreCase(column)).findFirst();
  }

  /** Applies a boolean expression as a mark; the row stays until the segment ends. */
  void filter(String what, Column condition, String text) {
    Expression resolved = resolve(what, condition);
    if (!(resolved.dataType() instanceof BooleanType)) {
      throw OfflineErrors.unresolved(
          what,
          "the filter %s is %s, not boolean".formatted(text, resolved.dataType().simpleString()),
          "write a condition");
    }
    Column kept = tried(resolved, condition);
    List<Pending> pending = new ArrayList<>();
    if (!Catalyst.neverRaises(resolved)) {
      pending.add(
          new Pending(
              new Check("FILTER", "%s: cannot evaluate %s".formatted(what, text), Optional.empty()),
              col(Hidden.TRIED).isNull(),
              inputs(resolved)));
    }
    Map<String, Column> visible = identity();
    Column out = col(Hidden.FAILURE).isNull().and(functions.not(coalesce(kept, lit(false))));
    if (!pending.isEmpty()) {
      out = out.and(col(Hidden.TRIED).isNotNull());
    }
    stage(visible, pending, col(Hidden.FILTERED).or(out));
    filters = true;
  }

  /** Sets or appends a column; a row for which the expression raises an error fails. */
  void set(String what, String column, Column value, String text) {
    set(what, column, column, value, text);
  }

  /** The same under a working name; {@code feature} is what a failed record blames. */
  void set(String what, String column, String feature, Column value, String text) {
    Expression resolved = resolve(what, value);
    Column result = tried(resolved, value);
    List<Pending> pending = new ArrayList<>();
    if (!Catalyst.neverRaises(resolved)) {
      pending.add(
          new Pending(
              new Check(
                  "EXPRESSION",
                  "%s: cannot evaluate %s".formatted(what, text),
                  Optional.of(feature)),
              col(Hidden.TRIED).isNull(),
              inputs(resolved)));
    }
    Map<String, Column> visible = identity();
    visible.put(find(column).orElse(column), result);
    stage(visible, pending, col(Hidden.FILTERED));
  }

  /** Casts a column without loss; a row whose value does not survive fails. */
  void cast(String what, String column, DataType to) {
    String written = find(column).orElseThrow();
    DataType from = type(written);
    if (from.equals(to)) {
      return;
    }
    LosslessCast cast = new LosslessCast(from, to);
    if (!cast.exists()) {
      throw OfflineErrors.unresolved(
          what,
          "%s is %s, which cannot become %s"
              .formatted(written, from.simpleString(), to.simpleString()),
          "set it by an expression");
    }
    Column input = Hidden.named(written);
    Map<String, Column> visible = identity();
    if (cast.alwaysLossless()) {
      visible.put(written, cast.value(input));
      stage(visible, List.of(), col(Hidden.FILTERED));
      return;
    }
    List<Column> withResult = new ArrayList<>(List.of(col("*")));
    withResult.add(cast.value(input).as(Hidden.TRIED));
    addStage(withResult);
    Column output = col(Hidden.TRIED);
    visible.put(written, output);
    Check check =
        new Check(
            "CAST",
            "%s: %s does not fit %s without loss".formatted(what, written, to.simpleString()),
            Optional.of(written));
    stage(
        visible,
        List.of(new Pending(check, cast.loses(input, output), input.cast("string"))),
        col(Hidden.FILTERED));
  }

  /** Decodes a column; a row whose value cannot be decoded fails. */
  void decode(Decoding decoding) {
    String written = find(decoding.column()).orElseThrow();
    Column input = Hidden.named(written);
    addStage(List.of(col("*"), decoding.value().apply(input).as(Hidden.TRIED)));
    Map<String, Column> visible = identity();
    visible.put(written, col(Hidden.TRIED));
    Check check =
        new Check(
            "DECODE",
            "source: %s is not %s".formatted(written, decoding.form()),
            Optional.of(written));
    stage(
        visible,
        List.of(
            new Pending(
                check, col(Hidden.TRIED).isNull().and(input.isNotNull()), input.cast("string"))),
        col(Hidden.FILTERED));
  }

  /** Replaces the columns: name to expression over the columns so far, in order, all at once. */
  void select(LinkedHashMap<String, Column> columns) {
    List<Column> list = new ArrayList<>();
    columns.forEach((as, value) -> list.add(value.as(as)));
    Hidden.ALL.forEach(hidden -> list.add(col(hidden)));
    addStage(list);
  }

  /** A check that a row fails where the condition is true. */
  void check(Check check, Column failed, Column value) {
    stage(identity(), List.of(new Pending(check, failed, value)), col(Hidden.FILTERED));
  }

  /** Fails a row where the rule is false or raises an error. */
  void rule(String what, Column rule, Check check, Optional<Column> value) {
    Expression resolved = resolve(what, rule);
    if (!(resolved.dataType() instanceof BooleanType)) {
      throw OfflineErrors.unresolved(
          what,
          "the rule is %s, not boolean".formatted(resolved.dataType().simpleString()),
          "write a condition");
    }
    Column shown = value.orElseGet(() -> inputs(resolved));
    Column held = tried(resolved, rule);
    Column broken = functions.not(coalesce(held, lit(true)));
    if (!Catalyst.neverRaises(resolved)) {
      broken = col(Hidden.TRIED).isNull().or(broken);
    }
    stage(identity(), List.of(new Pending(check, broken, shown)), col(Hidden.FILTERED));
  }

  /** Resolves against the frame, so that an unknown column or function is refused by name. */
  Expression resolve(String what, Column column) {
    Expression resolved;
    try {
      resolved = Catalyst.resolve(frame, column);
    } catch (Exception e) {
      // Spark declares its analysis errors nowhere, and in Scala they are checked exceptions.
      throw OfflineErrors.unresolved(
          what,
          OfflineErrors.firstLine(e),
          "the columns there are: " + String.join(", ", columns()));
    }
    for (String reference : Catalyst.references(resolved)) {
      if (reference.startsWith(Hidden.PREFIX)) {
        throw OfflineErrors.unresolved(
            what, reference + " is not a feature", "names with __fs_ are the program's own");
      }
    }
    return resolved;
  }

  /**
   * The value of an expression; where it can raise an error it is tried in a stage of its own, so
   * that it is evaluated once although the value and the check both need it.
   */
  private Column tried(Expression resolved, Column value) {
    if (Catalyst.neverRaises(resolved)) {
      return value;
    }
    Column attempt = Catalyst.tryEval(struct(value.as("v")));
    if (filters) {
      // What a filter left out must not cost an exception.
      attempt = when(functions.not(col(Hidden.FILTERED)), attempt);
    }
    addStage(List.of(col("*"), attempt.as(Hidden.TRIED)));
    return col(Hidden.TRIED).getField("v");
  }

  private Column inputs(Expression resolved) {
    List<String> references = Catalyst.references(resolved);
    if (references.size() == 1) {
      return Hidden.named(references.get(0)).cast("string");
    }
    if (references.isEmpty()) {
      return lit(null).cast("string");
    }
    Column[] columns = references.stream().map(Hidden::named).toArray(Column[]::new);
    return RowJson.of(struct(columns));
  }

  private LinkedHashMap<String, Column> identity() {
    LinkedHashMap<String, Column> visible = new LinkedHashMap<>();
    for (String column : columns()) {
      if (!column.equals(Hidden.TRIED)) {
        visible.put(column, Hidden.named(column));
      }
    }
    return visible;
  }

  private void stage(Map<String, Column> visible, List<Pending> pending, Column filtered) {
    List<Column> columns = new ArrayList<>();
    visible.forEach((as, value) -> columns.add(value.as(as)));
    columns.add(col(Hidden.ORIGINAL));
    Column failure = col(Hidden.FAILURE);
    Column value = col(Hidden.VALUE);
    for (Pending one : pending) {
      int number = checks.size();
      checks.add(one.check());
      Column failed =
          filters ? functions.not(col(Hidden.FILTERED)).and(one.failed()) : one.failed();
      value = when(failure.isNull().and(failed), one.value()).otherwise(value);
      failure = coalesce(failure, when(failed, lit(number)));
    }
    columns.add(failure.as(Hidden.FAILURE));
    columns.add(value.as(Hidden.VALUE));
    columns.add(filtered.as(Hidden.FILTERED));
    addStage(columns);
  }

  private void addStage(List<Column> columns) {
    frame = Catalyst.select(frame, List.of(columns));
    stages.add(List.copyOf(columns));
  }
}
