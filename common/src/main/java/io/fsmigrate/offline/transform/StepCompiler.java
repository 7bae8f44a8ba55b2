package io.fsmigrate.offline.transform;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Step;
import io.fsmigrate.offline.OfflineErrors;
import java.util.LinkedHashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;

/** Adds the steps of a declarative migration to a segment, each resolved against those before. */
final class StepCompiler {
  private final SparkSession session;
  private final SegmentBuilder segment;

  StepCompiler(SparkSession session, SegmentBuilder segment) {
    this.session = session;
    this.segment = segment;
  }

  /**
   * Adds them all.
   *
   * @throws FsMigrateException MIGRATION_UNRESOLVED where one does not fit the columns there are
   */
  void compile(DeclarativeMigration migration) {
    int number = 0;
    for (Step step : migration.steps()) {
      number++;
      apply("%s, step %d (%s)".formatted(migration.id(), number, step.kind()), step);
    }
  }

  private void apply(String what, Step step) {
    if (step instanceof Step.Rename rename) {
      String from = existing(what, rename.from());
      if (!from.equalsIgnoreCase(rename.to())) {
        absent(what, rename.to());
      }
      LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
      for (String column : segment.columns()) {
        columns.put(column.equals(from) ? rename.to() : column, Hidden.named(column));
      }
      segment.select(columns);
    } else if (step instanceof Step.Drop drop) {
      String dropped = existing(what, drop.name());
      LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
      for (String column : segment.columns()) {
        if (!column.equals(dropped)) {
          columns.put(column, Hidden.named(column));
        }
      }
      segment.select(columns);
    } else if (step instanceof Step.Add add) {
      absent(what, add.name());
      segment.set(what, add.name(), parsed(what, add.valueSql()), add.valueSql());
      add.type().ifPresent(type -> segment.cast(what, add.name(), DataType.fromDDL(type.sql())));
    } else if (step instanceof Step.SetTo set) {
      segment.set(what, set.name(), parsed(what, set.expression()), set.expression());
    } else if (step instanceof Step.Cast cast) {
      String column = existing(what, cast.name());
      segment.cast(what, column, DataType.fromDDL(cast.to().sql()));
    } else if (step instanceof Step.Filter filter) {
      segment.filter(what, parsed(what, filter.expression()), filter.expression());
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
    return segment
        .find(column)
        .orElseThrow(
            () ->
                OfflineErrors.unresolved(
                    what,
                    "there is no column " + column,
                    "the columns there are: " + String.join(", ", segment.columns())));
  }

  private void absent(String what, String column) {
    segment
        .find(column)
        .ifPresent(
            there -> {
              throw OfflineErrors.unresolved(
                  what,
                  "there is a column %s already".formatted(there),
                  "drop or rename that one first, or choose another name");
            });
  }
}
