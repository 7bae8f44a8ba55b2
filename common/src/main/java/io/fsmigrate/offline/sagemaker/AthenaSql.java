package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Offline;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements over an offline store, in Athena's SQL. */
final class AthenaSql {
  private AthenaSql() {}

  static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /**
   * Rows to deliver, in one statement and so of one moment: no deletions, and no identifier whose
   * newest row is one.
   *
   * @param features to select
   * @param predicate what rows must satisfy besides; it limits the rows, not what counts as newest
   */
  static String living(
      FeatureGroupDescription group, List<String> features, Optional<String> predicate) {
    String table = table(group);
    String id = quote(group.recordIdentifier());
    String newest =
        "SELECT %1$s, is_deleted, row_number() OVER (PARTITION BY %1$s ORDER BY %2$s DESC NULLS LAST, api_invocation_time DESC NULLS LAST, write_time DESC NULLS LAST) AS fs_age FROM %3$s WHERE %1$s IN (SELECT %1$s FROM %3$s WHERE is_deleted AND %1$s IS NOT NULL)"
            .formatted(id, newestKey(group), table);
    String gone =
        "SELECT %s FROM (%s) AS fs_newest WHERE fs_age = 1 AND is_deleted".formatted(id, newest);
    return "SELECT %s FROM %s WHERE (is_deleted IS NULL OR NOT is_deleted) AND (%3$s IS NULL OR %3$s NOT IN (%4$s))%5$s"
        .formatted(
            columns(features.stream()),
            table,
            id,
            gone,
            predicate.map(p -> " AND (" + p + ")").orElse(""));
  }

  /** Every row with the service's own columns. */
  static String everything(FeatureGroupDescription group) {
    return "SELECT %s, write_time, api_invocation_time, is_deleted FROM %s"
        .formatted(columns(group.features().stream().map(Definition::name)), table(group));
  }

  private static String columns(Stream<String> names) {
    return names.map(AthenaSql::quote).collect(Collectors.joining(", "));
  }

  private static String table(FeatureGroupDescription group) {
    Offline offline = group.offline().orElseThrow();
    return quote(offline.database()) + "." + quote(offline.table());
  }

  /**
   * Orders as the event time does. As text it is ISO-8601 in UTC with or without a fraction, which
   * orders as text does once the Z is gone: with it, a whole second would follow its fractions.
   */
  private static String newestKey(FeatureGroupDescription group) {
    String column = quote(group.eventTime());
    return group.eventTimeDefinition().type().equals("Fractional")
        ? column
        : "replace(%s, 'Z', '')".formatted(column);
  }
}
