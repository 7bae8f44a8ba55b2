package io.fsmigrate.offline.transform;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * The one place that looks into Spark's query plans: Spark has no public way to try an expression,
 * or to ask whether a query needs more than one row at a time.
 */
final class Catalyst {
  /** Expressions that give a value or null for any input, by class name; anything else is tried. */
  private static final Set<String> NEVER_RAISE =
      Set.of(
          "Alias",
          "AttributeReference",
          "GetStructField",
          "Literal",
          "EqualTo",
          "EqualNullSafe",
          "LessThan",
          "LessThanOrEqual",
          "GreaterThan",
          "GreaterThanOrEqual",
          "And",
          "Or",
          "Not",
          "IsNull",
          "IsNotNull",
          "IsNaN",
          "CaseWhen",
          "If",
          "Coalesce",
          "In",
          "InSet",
          "Concat",
          "ConcatWs",
          "Upper",
          "Lower",
          "Length",
          "StringTrim",
          "StringTrimLeft",
          "StringTrimRight",
          "Substring",
          "StartsWith",
          "EndsWith",
          "Contains",
          "Greatest",
          "Least",
          "Year",
          "Month",
          "DayOfMonth",
          "DayOfWeek",
          "DayOfYear",
          "Hour",
          "Minute",
          "Second",
          "Quarter",
          "WeekOfYear",
          "CreateNamedStruct",
          "CreateArray",
          "Size",
          "NullIf",
          "Nvl");

  /** Never raise on floating-point numbers, which overflow to infinity; they do on others. */
  private static final Set<String> FLOATING_ARITHMETIC =
      Set.of("Add", "Subtract", "Multiply", "UnaryMinus", "Abs");

  /** Operators that handle each row on its own. */
  private static final Set<String> ROW_LOCAL_OPERATORS =
      Set.of(
          "Project",
          "Filter",
          "CollectMetrics",
          "SubqueryAlias",
          "LocalRelation",
          "LogicalRelation",
          "LogicalRDD",
          "Generate",
          "View",
          "OneRowRelation",
          "Union",
          "DeserializeToObject",
          "SerializeFromObject",
          "MapElements",
          "TypedFilter");

  /** Operators that give the columns of their child as they are. */
  private static final Set<String> PASSES_COLUMNS =
      Set.of("Filter", "CollectMetrics", "SubqueryAlias");

  /** Deterministic to Spark within one query, yet different from one query to the next. */
  private static final Set<String> CHANGES_BETWEEN_QUERIES =
      Set.of(
          "CurrentTimestamp",
          "Now",
          "CurrentDate",
          "LocalTimestamp",
          "CurrentTime",
          "CurrentUser",
          "CurrentDatabase",
          "CurrentCatalog");

  private Catalyst() {}

  /** Null where evaluating the expression raises an error, instead of failing the task. */
  static Column tryEval(Column column) {
    return ExpressionUtils.column(new TryEval(ExpressionUtils.expression(column)));
  }

  /**
   * Selects again and again, as {@link Dataset#select} would, but analyses the query only once: a
   * pipeline has dozens of projections, and each frame costs an analysis of all that is below it.
   */
  static Dataset<Row> select(Dataset<Row> rows, List<List<Column>> projections) {
    org.apache.spark.sql.classic.SparkSession session = classic(rows.sparkSession());
    LogicalPlan plan = analyzed(rows);
    for (List<Column> projection : projections) {
      List<NamedExpression> list = new ArrayList<>();
      projection.forEach(column -> list.add(session.toRichColumn(column).named()));
      plan = new Project(CollectionConverters.asScala(list).toSeq(), plan);
    }
    return org.apache.spark.sql.classic.Dataset$.MODULE$.ofRows(session, plan);
  }

  /** How many columns of its leaves an analysed plan cannot do without. */
  static int columnsRead(LogicalPlan plan) {
    return columnsRead(plan, ids(plan.output()));
  }

  private static int columnsRead(LogicalPlan plan, Set<ExprId> wanted) {
    if (plan.children().isEmpty()) {
      Set<ExprId> read = ids(plan.output());
      read.retainAll(wanted);
      return read.size();
    }
    int read = 0;
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      read += columnsRead(child, wantedBelow(plan, child, wanted));
    }
    return read;
  }

  private static Set<ExprId> wantedBelow(LogicalPlan plan, LogicalPlan child, Set<ExprId> wanted) {
    Set<ExprId> below = new HashSet<>();
    if (plan instanceof Project project) {
      for (NamedExpression item : CollectionConverters.asJava(project.projectList())) {
        if (wanted.contains(item.exprId())) {
          below.addAll(ids(((Expression) item).references().toSeq()));
        }
      }
    } else if (PASSES_COLUMNS.contains(plan.getClass().getSimpleName())) {
      below.addAll(wanted);
      for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
        below.addAll(ids(expression.references().toSeq()));
      }
    } else {
      below.addAll(ids(child.output()));
    }
    return below;
  }

  private static Set<ExprId> ids(Seq<Attribute> attributes) {
    Set<ExprId> ids = new HashSet<>();
    CollectionConverters.asJava(attributes).forEach(attribute -> ids.add(attribute.exprId()));
    return ids;
  }

  /** The analysed plan of a frame. */
  static LogicalPlan analyzed(Dataset<Row> frame) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) frame).queryExecution().analyzed();
  }

  /** The expression with its columns and types resolved against the frame. */
  static Expression resolve(Dataset<Row> frame, Column column) {
    Project project = (Project) analyzed(frame.select(column.as("__fs_probe")));
    return (Expression) project.projectList().head();
  }

  /** The plan of a SQL text, not resolved. */
  static LogicalPlan parsePlan(SparkSession session, String sql) throws Exception {
    return classic(session).sessionState().sqlParser().parsePlan(sql);
  }

  /** The expression of a SQL text, not resolved. */
  static Expression parseExpression(SparkSession session, String sql) throws Exception {
    return classic(session).sessionState().sqlParser().parseExpression(sql);
  }

  static Column column(Expression expression) {
    return ExpressionUtils.column(expression);
  }

  /** The name that a parsed select item gives to its column; empty when it has none. */
  static Optional<String> outputName(Expression item) {
    if (item instanceof Alias alias) {
      return Optional.of(alias.name());
    }
    if (item instanceof UnresolvedAttribute attribute) {
      return Optional.of(attribute.nameParts().last());
    }
    return Optional.empty();
  }

  /** The expression with {@code qualifier.column} written as {@code column}. */
  static Expression dropQualifier(Expression expression, String qualifier) {
    return (Expression)
        expression.transformUp(
            new AbstractPartialFunction<Expression, Expression>() {
              @Override
              public boolean isDefinedAt(Expression node) {
                return node instanceof UnresolvedAttribute attribute
                    && attribute.nameParts().size() > 1
                    && attribute.nameParts().head().equalsIgnoreCase(qualifier);
              }

              @Override
              public Expression apply(Expression node) {
                return new UnresolvedAttribute(
                    (Seq<String>) ((UnresolvedAttribute) node).nameParts().tail());
              }
            });
  }

  /** What a parsed select item computes. */
  static Expression computation(Expression item) {
    return item instanceof Alias alias ? alias.child() : item;
  }

  /** Whether the expression gives a value or null for every row. */
  static boolean neverRaises(Expression expression) {
    if (expression instanceof Cast cast) {
      return Cast.canUpCast(cast.child().dataType(), cast.dataType()) && neverRaises(cast.child());
    }
    String name = expression.getClass().getSimpleName();
    boolean floating =
        FLOATING_ARITHMETIC.contains(name)
            && (expression.dataType() instanceof DoubleType
                || expression.dataType() instanceof FloatType);
    return (floating || NEVER_RAISE.contains(name))
        && children(expression).stream().allMatch(Catalyst::neverRaises);
  }

  /** What makes an expression more than a function of one row; empty when it is just that. */
  static Optional<String> moreThanOneRow(Expression expression) {
    String name = expression.getClass().getSimpleName();
    if (expression instanceof SubqueryExpression) {
      return Optional.of("a subquery");
    }
    if (expression instanceof AggregateExpression) {
      return Optional.of("an aggregate");
    }
    if (expression instanceof WindowExpression) {
      return Optional.of("a window function");
    }
    if (CHANGES_BETWEEN_QUERIES.contains(name)) {
      return Optional.of(name + " (another value in every query)");
    }
    for (Expression child : children(expression)) {
      Optional<String> found = moreThanOneRow(child);
      if (found.isPresent()) {
        return found;
      }
    }
    return expression.deterministic()
        ? Optional.empty()
        : Optional.of(name + " (not deterministic)");
  }

  /** Why the query cannot be cut into units; empty when each row is handled on its own. */
  static Optional<String> notRowLocal(LogicalPlan plan) {
    String name = plan.getClass().getSimpleName();
    if (!ROW_LOCAL_OPERATORS.contains(name)) {
      return Optional.of(
          Map.of("Aggregate", "an aggregate", "Join", "a join").getOrDefault(name, name));
    }
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      // A metrics node holds aggregates by design; it counts rows and changes none.
      Optional<String> found =
          name.equals("CollectMetrics") ? Optional.empty() : moreThanOneRow(expression);
      if (found.isPresent()) {
        return found;
      }
    }
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      Optional<String> found = notRowLocal(child);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The columns an expression reads, by name, in order of first use. */
  static List<String> references(Expression expression) {
    return CollectionConverters.asJava(expression.references().toSeq()).stream()
        .map(attribute -> attribute.name())
        .distinct()
        .toList();
  }

  private static List<Expression> children(Expression expression) {
    return CollectionConverters.asJava(expression.children());
  }

  private static org.apache.spark.sql.classic.SparkSession classic(SparkSession session) {
    return (org.apache.spark.sql.classic.SparkSession) session;
  }
}
