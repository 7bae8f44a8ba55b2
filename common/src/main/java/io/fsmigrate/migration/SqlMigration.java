package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureVersion;

/**
 * A migration written as one SQL query over the view {@value #SOURCE}.
 *
 * @param sql the query as it runs; line ends are {@code \n} whatever the file has, so that the same
 *     file from another platform gives the same rows and the same checksum
 * @param origin the name of the file, for messages
 */
public record SqlMigration(
    String group,
    FeatureVersion from,
    FeatureVersion to,
    String description,
    String sql,
    String origin)
    implements Migration {
  /** The name under which the query sees the rows of {@code from}. */
  public static final String SOURCE = "source";

  public SqlMigration {
    sql = sql.replace("\r\n", "\n").replace('\r', '\n');
    if (sql.isBlank()) {
      throw MigrationErrors.emptySql(origin);
    }
  }

  /** Over the query; blanks at line ends and around the query are free, comments count. */
  @Override
  public String checksum() {
    return new Checksum("sql", this).add("query", SqlText.trimLines(sql)).text();
  }
}
