package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.expr;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.OfflineErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/** Adds to the last segment what makes its rows those of the target: its columns, its contract. */
final class TargetCompiler {
  private final VersionedGroup target;
  private final SegmentBuilder segment;

  TargetCompiler(VersionedGroup target, SegmentBuilder segment) {
    this.target = target;
    this.segment = segment;
  }

  /**
   * Brings the columns into the target's order and holds their types against the definition.
   *
   * @param direct whether types that differ are cast, because no migration says what to do
   * @param strict whether a column that is no feature of the target is an error
   * @return the columns that are left out
   * @throws FsMigrateException MIGRATION_UNRESOLVED
   */
  List<String> fit(boolean direct, boolean strict) {
    List<String> problems = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      Optional<String> there = segment.find(feature.name());
      DataType wanted = DataType.fromDDL(feature.type().sql());
      if (there.isEmpty()) {
        problems.add("%s %s is missing".formatted(feature.name(), feature.type()));
      } else if (!segment.type(there.get()).sameType(wanted)) {
        if (direct) {
          segment.cast("direct migration", there.get(), wanted);
        } else {
          problems.add(
              "%s is %s, not %s"
                  .formatted(
                      feature.name(), segment.type(there.get()).simpleString(), feature.type()));
        }
      }
    }
    List<String> leftOut =
        segment.columns().stream()
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
      columns.put(feature.name(), Hidden.named(segment.find(feature.name()).orElseThrow()));
    }
    segment.select(columns);
    return leftOut;
  }

  /**
   * Leaves out the records before this one. Rows without an identifier stay: they fail the
   * contract.
   *
   * @param record as in {@link PipelineCompiler#compile}
   * @throws FsMigrateException INVALID_RECORD_IDENTIFIER
   */
  void beginAt(String record) {
    String id = target.recordIdentifier();
    DataType type = segment.type(id);
    Column bound = functions.lit(record);
    if (!(type instanceof StringType)) {
      try {
        bound = functions.lit(Long.parseLong(record.strip()));
      } catch (NumberFormatException e) {
        throw OfflineErrors.invalidRecordIdentifier(record, id, type.simpleString());
      }
    }
    segment.filter(
        "record range",
        Hidden.named(id).isNull().or(Hidden.named(id).geq(bound)),
        "%s >= %s".formatted(id, record));
  }

  /**
   * Checks what every row of the target must satisfy.
   *
   * @throws FsMigrateException MIGRATION_UNRESOLVED where a rule does not fit the features
   */
  void contract() {
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
      segment.rule(
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
    segment.check(
        new Check(
            code,
            "the %s %s is null".formatted(role, feature).toLowerCase(Locale.ROOT),
            Optional.of(feature)),
        column.isNull(),
        column.cast("string"));
  }
}
