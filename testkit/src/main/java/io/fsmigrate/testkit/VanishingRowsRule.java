package io.fsmigrate.testkit;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.optimizer.ReplaceExpressions;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.CollectMetrics;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.jdk.javaapi.CollectionConverters;

/** Puts a filter on top of every query that counts rows and has the columns of the condition. */
final class VanishingRowsRule extends Rule<LogicalPlan> {
  private final SparkSession session;

  VanishingRowsRule(SparkSession session) {
    this.session = session;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    String condition = session.conf().get(VanishingRows.CONDITION, "");
    if (condition.isEmpty() || !countsRows(plan)) {
      return plan;
    }
    Expression parsed = parse(condition);
    return hasColumns(plan, parsed) ? new Filter(survives(plan, parsed), plan) : plan;
  }

  private Expression parse(String condition) {
    try {
      return classic().sessionState().sqlParser().parseExpression(condition);
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          "%s: not a SQL condition: %s".formatted(VanishingRows.CONDITION, condition), e);
    }
  }

  private static boolean countsRows(LogicalPlan plan) {
    return plan instanceof CollectMetrics
        || CollectionConverters.asJava(plan.children()).stream()
            .anyMatch(VanishingRowsRule::countsRows);
  }

  private static boolean hasColumns(LogicalPlan plan, Expression condition) {
    Set<String> columns =
        CollectionConverters.asJava(plan.output()).stream()
            .map(attribute -> attribute.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return CollectionConverters.asJava(condition.references().toSeq()).stream()
        .allMatch(reference -> columns.contains(reference.name().toLowerCase(Locale.ROOT)));
  }

  /** The negated condition, resolved against a relation that has the attributes of the plan. */
  private Expression survives(LogicalPlan plan, Expression condition) {
    Expression notTrue = new Not(new EqualNullSafe(condition, Literal.TrueLiteral()));
    LogicalPlan stand = new Filter(notTrue, LocalRelation$.MODULE$.apply(plan.output()));
    LogicalPlan resolved = classic().sessionState().analyzer().execute(stand);
    return ((Filter) ReplaceExpressions.apply(resolved)).condition();
  }

  private org.apache.spark.sql.classic.SparkSession classic() {
    return (org.apache.spark.sql.classic.SparkSession) session;
  }
}
