package io.fsmigrate.offline.transform;

import io.fsmigrate.migration.SqlMigration;
import io.fsmigrate.offline.OfflineErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStar;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Takes a SQL migration apart where it is a plain select list over the source with an optional
 * {@code WHERE}: then each expression is tried on its own and a failing row keeps its original. Any
 * other query runs as it is, as a step that cannot be looked into.
 */
final class SqlCompiler {
  private final SparkSession session;
  private final SqlMigration migration;

  SqlCompiler(SparkSession session, SqlMigration migration) {
    this.session = session;
    this.migration = migration;
  }

  /** Adds the query to the segment, or returns it as a step of its own. */
  Optional<UnaryOperator<Dataset<Row>>> compile(SegmentBuilder segment) {
    String what = "%s (%s)".formatted(migration.id(), migration.origin());
    LogicalPlan plan;
    try {
      plan = Catalyst.parsePlan(session, migration.sql());
    } catch (Exception e) {
      // Scala's parse errors are checked exceptions that no signature declares.
      throw OfflineErrors.unresolved(what, OfflineErrors.firstLine(e), "correct the SQL");
    }
    if (plan instanceof Project project && overSource(project.child())) {
      LogicalPlan child = project.child();
      List<Expression> items = expressions(project);
      boolean stars = items.stream().anyMatch(UnresolvedStar.class::isInstance);
      boolean named =
          items.stream()
              .allMatch(i -> i instanceof UnresolvedStar || Catalyst.outputName(i).isPresent());
      if (named && !(stars && items.size() > 1 && repeats(items, segment))) {
        if (child instanceof Filter filter) {
          segment.filter(what, unqualified(filter.condition()), filter.condition().sql());
        }
        select(what, segment, items);
        return Optional.empty();
      }
    }
    return Optional.of(this::run);
  }

  private static boolean repeats(List<Expression> items, SegmentBuilder segment) {
    return items.stream()
        .flatMap(item -> Catalyst.outputName(item).stream())
        .anyMatch(name -> segment.find(name).isPresent());
  }

  private static List<Expression> expressions(Project project) {
    return CollectionConverters.asJava(project.expressions());
  }

  private boolean overSource(LogicalPlan plan) {
    LogicalPlan relation = plan instanceof Filter filter ? ((UnaryNode) filter).child() : plan;
    return relation instanceof UnresolvedRelation named
        && named.tableName().equalsIgnoreCase(SqlMigration.SOURCE);
  }

  /** Computes under names of its own first, since all items see the columns as they were before. */
  private void select(String what, SegmentBuilder segment, List<Expression> items) {
    LinkedHashMap<String, String> computedAs = new LinkedHashMap<>();
    List<String> before = segment.columns();
    int number = 0;
    for (Expression item : items) {
      if (item instanceof UnresolvedStar) {
        before.forEach(column -> computedAs.put(column, column));
        continue;
      }
      String name = Catalyst.outputName(item).orElseThrow();
      if (computedAs.containsKey(name)) {
        throw OfflineErrors.unresolved(
            what, "it selects the column %s twice".formatted(name), "give one another name");
      }
      String temporary = "fs select %d %s".formatted(number++, name);
      Expression computation = Catalyst.computation(item);
      segment.set(
          what + ", column " + name, temporary, name, unqualified(computation), computation.sql());
      computedAs.put(name, temporary);
    }
    LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : computedAs.entrySet()) {
      columns.put(entry.getKey(), Hidden.named(entry.getValue()));
    }
    segment.select(columns);
  }

  private static Column unqualified(Expression expression) {
    return Catalyst.column(Catalyst.dropQualifier(expression, SqlMigration.SOURCE));
  }

  /** A temporary view lives in the session, so one query is analysed at a time. */
  private Dataset<Row> run(Dataset<Row> rows) {
    synchronized (session) {
      rows.createOrReplaceTempView(SqlMigration.SOURCE);
      try {
        return session.sql(migration.sql());
      } finally {
        session.catalog().dropTempView(SqlMigration.SOURCE);
      }
    }
  }
}
