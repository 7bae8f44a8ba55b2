package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.jdbc.SqlNames;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of a bucket: rows go into a temporary table and from there, in the order of their
 * identifiers, into the target's.
 *
 * <p>{@link io.fsmigrate.online.TieRule} is an expression here, {@link #verdict}. PostgreSQL's own
 * order is the rule's for numbers (NaN equals itself and is the greatest, zeros are equal),
 * booleans, binary, dates and times, and for text under the collation C. Arrays and structs, which
 * are stored as text, it cannot order: where they decide, the answer is {@link #UNDECIDED}.
 */
final class UpsertSql {
  static final int NEWER = 1;
  static final int EQUAL = 0;
  static final int OLDER = -1;

  /** The first features that differ are arrays or structs. */
  static final int UNDECIDED = 2;

  /** Seen by its session only, and gone with its transaction. */
  private static final String ROWS = "pg_temp.fs_migrate_rows";

  /** Beside the features, whose names never begin so. */
  private static final String NUMBER = "__fs_number";

  private static final String ROUND = "__fs_round";

  private final String relation;
  private final RecordLayout layout;

  /**
   * @param relation the target's table with its schema, quoted
   */
  UpsertSql(String relation, RecordLayout layout) {
    this.relation = relation;
    this.layout = layout;
  }

  /** The columns are those of the target's table, so that both sides always compare alike. */
  String createRows() {
    return "CREATE TEMPORARY TABLE fs_migrate_rows (%s bigint NOT NULL, %s integer NOT NULL, LIKE %s) ON COMMIT DROP"
        .formatted(NUMBER, ROUND, relation);
  }

  String copy() {
    return "COPY %s (%s, %s, %s) FROM STDIN (FORMAT binary)"
        .formatted(ROWS, NUMBER, ROUND, columns());
  }

  /** Parameter: the last number that is done. How many rows there are after it, by round. */
  String rounds() {
    return "SELECT %2$s, count(*) FROM %3$s WHERE %1$s > ? GROUP BY %2$s ORDER BY %2$s"
        .formatted(NUMBER, ROUND, ROWS);
  }

  /**
   * Parameters: the round, the last number that is done; for a part also the first and last place,
   * counted from 1, in the order of the identifiers.
   */
  String upsert(boolean part) {
    String id = SqlNames.quote(layout.names().get(layout.id()));
    String updates =
        places()
            .filter(i -> i != layout.id() || layout.names().size() == 1)
            .mapToObj(i -> "%1$s = excluded.%1$s".formatted(name(i)))
            .collect(Collectors.joining(", "));
    return """
    INSERT INTO %1$s AS held (%2$s) SELECT %2$s FROM %3$s ORDER BY %4$s
    ON CONFLICT (%4$s) DO UPDATE SET %5$s WHERE %6$s = %7$d\
    """
        .formatted(relation, columns(), rows(part), id, updates, verdict("excluded"), NEWER);
  }

  /**
   * Parameters as {@link #upsert}: number and verdict of the rows that are not what the table holds
   * now. Those that were written are.
   */
  String losers(boolean part) {
    return "SELECT %1$s, %2$s FROM %3$s JOIN %4$s AS held ON held.%5$s = came.%5$s WHERE %2$s <> %6$d"
        .formatted(NUMBER, verdict("came"), rows(part), relation, name(layout.id()), EQUAL);
  }

  /** Parameters as {@link #upsert}: the numbers of the rows. */
  String numbers(boolean part) {
    return "SELECT %s FROM %s".formatted(NUMBER, rows(part));
  }

  /** Parameter: an array of numbers. Each number, the row's features and those of the table's. */
  String pairs() {
    return "SELECT %s, %s, %s FROM %s AS came JOIN %s AS held ON held.%6$s = came.%6$s WHERE %1$s = ANY (?)"
        .formatted(NUMBER, columns("came."), columns("held."), ROWS, relation, name(layout.id()));
  }

  /** Parameter: an array of numbers of rows that replace those in the table. */
  String replace() {
    String updates =
        places()
            .filter(i -> i != layout.id())
            .mapToObj(i -> "%1$s = came.%1$s".formatted(name(i)))
            .collect(Collectors.joining(", "));
    return "UPDATE %s AS held SET %s FROM %s AS came WHERE held.%s = came.%4$s AND came.%5$s = ANY (?)"
        .formatted(relation, updates, ROWS, name(layout.id()), NUMBER);
  }

  /** A relation named {@code came}: the rows of a round after a number, or a part of them. */
  private String rows(boolean part) {
    if (!part) {
      return "(SELECT * FROM %s WHERE %s = ? AND %s > ?) AS came".formatted(ROWS, ROUND, NUMBER);
    }
    return """
    (SELECT * FROM (SELECT *, row_number() OVER (ORDER BY %s) AS __fs_place
    FROM %s WHERE %s = ? AND %s > ?) AS placed WHERE __fs_place BETWEEN ? AND ?) AS came\
    """
        .formatted(name(layout.id()), ROWS, ROUND, NUMBER);
  }

  /** Which is newer, the record of that relation or the one that is held. */
  private String verdict(String came) {
    int at = layout.eventTime();
    String time = "%s.%s".formatted(came, name(at));
    String held = "held." + name(at);
    StringBuilder verdict = new StringBuilder("CASE WHEN ").append(held).append(" IS NULL THEN 1");
    boolean text = layout.types().get(at).kind() == ValueType.Kind.STRING;
    String left = text ? "rtrim(%s, 'Z') COLLATE \"C\"".formatted(time) : time;
    String right = text ? "rtrim(%s, 'Z') COLLATE \"C\"".formatted(held) : held;
    verdict.append(" WHEN %s > %s THEN 1 WHEN %1$s < %2$s THEN -1".formatted(left, right));
    places().filter(i -> i != layout.id()).forEach(i -> verdict.append(tie(came, i)));
    return verdict.append(" ELSE 0 END").toString();
  }

  private String tie(String came, int i) {
    String mine = "%s.%s".formatted(came, name(i));
    String theirs = "held." + name(i);
    String greater =
        switch (layout.types().get(i).kind()) {
          case ARRAY, STRUCT -> String.valueOf(UNDECIDED);
          case STRING, MAP ->
              "CASE WHEN %s COLLATE \"C\" > %s COLLATE \"C\" THEN 1 ELSE -1 END"
                  .formatted(mine, theirs);
          case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL ->
              "CASE WHEN %s > %s THEN 1 ELSE -1 END".formatted(mine, theirs);
          case BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
              "CASE WHEN %s > %s THEN 1 ELSE -1 END".formatted(mine, theirs);
        };
    return " WHEN %1$s IS DISTINCT FROM %2$s THEN CASE WHEN %2$s IS NULL THEN 1 WHEN %1$s IS NULL THEN -1 ELSE %3$s END"
        .formatted(mine, theirs, greater);
  }

  private IntStream places() {
    return IntStream.range(0, layout.names().size());
  }

  private String name(int i) {
    return SqlNames.quote(layout.names().get(i));
  }

  private String columns() {
    return SqlNames.list(layout.names());
  }

  private String columns(String prefix) {
    return places().mapToObj(i -> prefix + name(i)).collect(Collectors.joining(", "));
  }
}
