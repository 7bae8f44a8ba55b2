package io.fsmigrate.offline.transform;

import io.fsmigrate.offline.OfflineErrors;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.BooleanType;

/**
 * The rows of the source that a run is limited to: one boolean expression, optionally after {@code
 * WHERE}. Everything that could be more than a condition on one row is refused.
 */
public final class FilterQuery {
  private static final Pattern WHERE =
      Pattern.compile("^\\s*where\\b(.*)$", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final String text;
  private final Column condition;
  private final boolean neverRaises;
  private final Expression expression;

  private FilterQuery(String text, Column condition, boolean neverRaises, Expression expression) {
    this.text = text;
    this.expression = expression;
    this.condition = condition;
    this.neverRaises = neverRaises;
  }

  /**
   * @param frame an empty frame of the source's columns
   * @throws io.fsmigrate.error.FsMigrateException when it is anything but a condition on one row
   */
  static FilterQuery parse(String query, Dataset<Row> frame) {
    Matcher where = WHERE.matcher(query);
    String text = (where.matches() ? where.group(1) : query).strip();
    Expression resolved;
    Column condition;
    Optional<String> more;
    try {
      condition = Catalyst.column(Catalyst.parseExpression(frame.sparkSession(), text));
      more = Catalyst.notRowLocal(Catalyst.analyzed(frame.select(condition)));
      resolved = more.isPresent() ? null : Catalyst.resolve(frame, condition);
    } catch (Exception e) {
      // Spark declares its parse and analysis errors nowhere, and in Scala they are checked.
      throw OfflineErrors.filterRefused(query, OfflineErrors.firstLine(e));
    }
    if (more.isPresent()) {
      throw OfflineErrors.filterRefused(query, more.get() + " is not allowed in it");
    }
    Expression computed = Catalyst.computation(resolved);
    if (!(computed.dataType() instanceof BooleanType)) {
      throw OfflineErrors.filterRefused(
          query, "it is %s, not boolean".formatted(computed.dataType().simpleString()));
    }
    return new FilterQuery(text, condition, Catalyst.neverRaises(computed), computed);
  }

  /**
   * The condition with its columns and types resolved against an empty frame, for who translates it
   * into another language.
   *
   * @throws io.fsmigrate.error.FsMigrateException FILTER_REFUSED
   */
  public static Expression resolve(String query, Dataset<Row> frame) {
    return parse(query, frame).expression;
  }

  String text() {
    return text;
  }

  Column condition() {
    return condition;
  }

  /** The columns that it reads. */
  List<String> columns() {
    return Catalyst.references(expression);
  }

  /** Whether it can be left to the source, which skips files and row groups by their statistics. */
  boolean canBePushedDown() {
    return neverRaises;
  }
}
