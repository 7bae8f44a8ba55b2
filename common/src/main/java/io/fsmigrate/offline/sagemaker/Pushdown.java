package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.transform.FilterQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionDef;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionRef;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The part of a filter query that Athena can apply so that no row is lost which Spark would keep.
 *
 * <p>Comparisons of a column with a literal, IN, BETWEEN, IS [NOT] NULL, AND, OR and NOT are
 * translated where both engines give the same of true, false and null; a conjunct that is anything
 * else is left to Spark, which applies the whole query again. That excludes columns that are
 * decoded (text that stands for a time is not one in Athena), timestamps (Athena's have
 * milliseconds) and whatever Spark would cast. NaN is the largest number in Spark and comparable to
 * none in Athena, so that comparisons upwards name it.
 */
final class Pushdown {
  /** Athena takes statements of up to 256 KiB; the rest of one is small. */
  private static final int LONGEST = 100_000;

  private static final Set<DataType> TYPES =
      Set.of(
          DataTypes.StringType,
          DataTypes.LongType,
          DataTypes.IntegerType,
          DataTypes.ShortType,
          DataTypes.ByteType,
          DataTypes.DoubleType,
          DataTypes.BooleanType,
          DataTypes.DateType);

  private final Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  private Pushdown(StructType schema, List<Decoding> decodings) {
    for (StructField field : schema.fields()) {
      boolean decoded = decodings.stream().anyMatch(d -> d.column().equalsIgnoreCase(field.name()));
      if (!decoded && TYPES.contains(field.dataType())) {
        columns.add(field.name());
      }
    }
  }

  /**
   * The predicate, or empty where nothing of the query can be translated.
   *
   * @param schema the columns as Athena has them
   * @param decodings columns that the query sees in another type
   * @throws io.fsmigrate.error.FsMigrateException FILTER_REFUSED
   */
  static Optional<String> of(
      SparkSession session, String query, StructType schema, List<Decoding> decodings) {
    StructType seen = new StructType();
    for (StructField field : schema.fields()) {
      DataType type =
          decodings.stream()
              .filter(d -> d.column().equalsIgnoreCase(field.name()))
              .map(Decoding::to)
              .findFirst()
              .orElse(field.dataType());
      seen = seen.add(field.name(), type);
    }
    Expression condition = FilterQuery.resolve(query, session.createDataFrame(List.of(), seen));
    List<String> conjuncts = new ArrayList<>();
    new Pushdown(schema, decodings).conjuncts(condition, conjuncts);
    String predicate = String.join(" AND ", conjuncts);
    return predicate.isEmpty() || predicate.length() > LONGEST
        ? Optional.empty()
        : Optional.of(predicate);
  }

  private void conjuncts(Expression condition, List<String> conjuncts) {
    Expression expression = plain(condition);
    if (expression instanceof And and) {
      conjuncts(and.left(), conjuncts);
      conjuncts(and.right(), conjuncts);
    } else {
      exact(expression).ifPresent(conjuncts::add);
    }
  }

  /** BETWEEN and the like, written out. */
  private static Expression plain(Expression expression) {
    if (expression instanceof RuntimeReplaceable replaceable) {
      return plain(replaceable.replacement());
    }
    if (expression instanceof With with) {
      Expression child = with.child();
      for (CommonExpressionDef definition : CollectionConverters.asJava(with.defs())) {
        child = new Inline(definition).in(child);
      }
      return child;
    }
    return expression;
  }

  /** Writes a common expression out where it is referred to. */
  private record Inline(CommonExpressionDef definition) {
    Expression in(Expression expression) {
      return (Expression)
          expression.transformUp(
              new scala.runtime.AbstractPartialFunction<Expression, Expression>() {
                @Override
                public boolean isDefinedAt(Expression node) {
                  return node instanceof CommonExpressionRef reference
                      && reference.id().equals(definition.id());
                }

                @Override
                public Expression apply(Expression node) {
                  return definition.child();
                }
              });
    }
  }

  /** The same three-valued logic in Athena; empty where there is none for certain. */
  private Optional<String> exact(Expression condition) {
    Expression expression = plain(condition);
    if (expression instanceof And and) {
      return both(and.left(), "AND", and.right());
    }
    if (expression instanceof Or or) {
      return both(or.left(), "OR", or.right());
    }
    if (expression instanceof Not not) {
      return exact(not.child()).map(child -> "(NOT " + child + ")");
    }
    if (expression instanceof IsNull isNull) {
      return column(isNull.child()).map(column -> "(" + column + " IS NULL)");
    }
    if (expression instanceof IsNotNull isNotNull) {
      return column(isNotNull.child()).map(column -> "(" + column + " IS NOT NULL)");
    }
    if (expression instanceof In in) {
      return in(in);
    }
    if (expression instanceof BinaryComparison comparison) {
      return comparison(comparison);
    }
    return expression.dataType().equals(DataTypes.BooleanType)
        ? column(expression)
        : Optional.empty();
  }

  private Optional<String> both(Expression left, String operator, Expression right) {
    return exact(left)
        .flatMap(one -> exact(right).map(other -> "(" + one + " " + operator + " " + other + ")"));
  }

  private Optional<String> in(In in) {
    Optional<String> column = column(in.value());
    List<String> values = new ArrayList<>();
    for (Expression item : CollectionConverters.asJava(in.list())) {
      // In a set, Spark may tell 0.0 from -0.0, which Athena does not.
      boolean zero = value(item).filter(v -> v.equals(0.0) || v.equals(-0.0)).isPresent();
      Optional<String> literal = zero ? Optional.empty() : literal(item);
      if (literal.isEmpty()) {
        return Optional.empty();
      }
      values.add(literal.get());
    }
    return values.isEmpty()
        ? Optional.empty()
        : column.map(c -> "(" + c + " IN (" + String.join(", ", values) + "))");
  }

  private Optional<String> comparison(BinaryComparison comparison) {
    Optional<String> operator = operator(comparison);
    if (operator.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> left = column(comparison.left());
    if (left.isPresent()) {
      return literal(comparison.right())
          .map(value -> compare(left.get(), operator.get(), value, comparison.left()));
    }
    return column(comparison.right())
        .flatMap(
            right ->
                literal(comparison.left())
                    .map(
                        value ->
                            compare(right, mirrored(operator.get()), value, comparison.right())));
  }

  private static String compare(String column, String operator, String value, Expression typed) {
    String plain = "%s %s %s".formatted(column, operator, value);
    boolean upwards = operator.startsWith(">") && typed.dataType().equals(DataTypes.DoubleType);
    return upwards ? "(%s OR is_nan(%s))".formatted(plain, column) : "(" + plain + ")";
  }

  private static Optional<String> operator(BinaryComparison comparison) {
    if (comparison instanceof EqualTo) {
      return Optional.of("=");
    } else if (comparison instanceof LessThan) {
      return Optional.of("<");
    } else if (comparison instanceof LessThanOrEqual) {
      return Optional.of("<=");
    } else if (comparison instanceof GreaterThan) {
      return Optional.of(">");
    } else if (comparison instanceof GreaterThanOrEqual) {
      return Optional.of(">=");
    }
    return Optional.empty();
  }

  private static String mirrored(String operator) {
    return switch (operator.charAt(0)) {
      case '<' -> ">" + operator.substring(1);
      case '>' -> "<" + operator.substring(1);
      default -> operator;
    };
  }

  private Optional<String> column(Expression expression) {
    return expression instanceof AttributeReference attribute && columns.contains(attribute.name())
        ? Optional.of(AthenaSql.quote(attribute.name()))
        : Optional.empty();
  }

  /** The value of a literal, with a sign or in another type or without; empty for anything else. */
  private static Optional<Object> value(Expression expression) {
    Expression inner = expression;
    while (inner instanceof Cast || inner instanceof UnaryMinus) {
      inner = inner.children().head();
    }
    if (!(inner instanceof Literal)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(expression.eval(null));
    } catch (RuntimeException e) {
      // A cast that fails: it fails in Spark too, row by row.
      return Optional.empty();
    }
  }

  private static Optional<String> literal(Expression expression) {
    if (!TYPES.contains(expression.dataType())) {
      return Optional.empty();
    }
    return value(expression)
        .flatMap(
            value -> AthenaLiterals.of(value, expression.dataType().equals(DataTypes.DateType)));
  }
}
