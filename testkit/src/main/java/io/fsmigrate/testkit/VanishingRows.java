package io.fsmigrate.testkit;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * A fault: rows vanish after they were counted and before they are written.
 *
 * <p>Name this class in {@code spark.sql.extensions} (the session of {@link SparkExtension} has it)
 * and set {@value #CONDITION} to a SQL condition over the columns that are written, such as {@code
 * route = 'AAA-BBB'}. From then on every query that counts rows with {@code Dataset.observe} and
 * has those columns loses the rows for which the condition is true: above the counting, just below
 * the write. Queries that count nothing, or do not have the columns, are left alone, so that what
 * was written can be read back.
 */
public final class VanishingRows extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** The setting with the condition; without it nothing vanishes. */
  public static final String CONDITION = "spark.fsmigrate.testkit.vanish";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    // The rules before cost-based optimisation run once for each query and after filters were
    // pushed down, so that this filter stays where it is put.
    extensions.injectPreCBORule(
        new AbstractFunction1<SparkSession, Rule<LogicalPlan>>() {
          @Override
          public Rule<LogicalPlan> apply(SparkSession session) {
            return new VanishingRowsRule(session);
          }
        });
    return BoxedUnit.UNIT;
  }
}
