package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ValueOrder;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.jdbc.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sqlite.Function;

/**
 * {@link io.fsmigrate.online.TieRule} as one statement of SQLite.
 *
 * <p>SQLite's own order is the rule's order for numbers (NaN is stored as text, and text is above
 * every number), booleans, binary, text and the canonical JSON of maps under the BINARY collation.
 * What it cannot order from the stored form (decimals, arrays, structs, years beyond 0000 to 9999)
 * goes through a function of ours that asks {@link ValueOrder}. That is rare: only where event
 * times are equal, or are of such a year.
 */
final class SqliteUpsert {
  /** Compares two stored values of one feature: place of the feature, left, right. */
  private static final String COMPARE = "fsmigrate_compare";

  private final String table;
  private final RecordLayout layout;

  SqliteUpsert(String table, RecordLayout layout) {
    this.table = table;
    this.layout = layout;
  }

  String sql() {
    String id = SqlNames.quote(layout.names().get(layout.id()));
    String updates =
        places()
            .filter(i -> i != layout.id() || layout.names().size() == 1)
            .mapToObj(i -> "%s = %s".formatted(SqlNames.quote(layout.names().get(i)), incoming(i)))
            .collect(Collectors.joining(", "));
    String ties =
        places()
            .filter(i -> i != layout.id())
            .mapToObj(
                i ->
                    "WHEN %s IS NOT %s THEN %s IS NULL OR %s"
                        .formatted(incoming(i), current(i), current(i), greater(i, ">")))
            .collect(Collectors.joining(" "));
    return """
    INSERT INTO %s AS current (%s) VALUES (%s)
    ON CONFLICT (%s) DO UPDATE SET %s
    WHERE CASE WHEN %s THEN 1 WHEN %s THEN 0 %s ELSE 1 END\
    """
        .formatted(
            SqlNames.quote(table),
            SqlNames.list(layout.names()),
            SqlNames.parameters(layout.names().size()),
            id,
            updates,
            newer(">"),
            newer("<"),
            ties);
  }

  private IntStream places() {
    return IntStream.range(0, layout.names().size());
  }

  private String newer(String operator) {
    int i = layout.eventTime();
    return switch (layout.types().get(i).kind()) {
      case STRING ->
          "rtrim(%s, 'Z') %s rtrim(%s, 'Z')".formatted(incoming(i), operator, current(i));
      // A fraction of a second is longer, and greater only without the Z that ends both. Years
      // beyond four digits begin with a sign, which sorts below every digit.
      case DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          "CASE WHEN min(%1$s, %3$s) < '0' THEN %4$s ELSE rtrim(%1$s, 'Z') %2$s rtrim(%3$s, 'Z') END"
              .formatted(incoming(i), operator, current(i), byFunction(i, operator));
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, BINARY ->
          greater(i, operator);
      case ARRAY, MAP, STRUCT -> greater(i, operator);
    };
  }

  private String greater(int i, String operator) {
    return switch (layout.types().get(i).kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, BINARY, STRING, MAP ->
          "%s %s %s".formatted(incoming(i), operator, current(i));
      case DECIMAL, DATE, TIMESTAMP, TIMESTAMP_NTZ, ARRAY, STRUCT -> byFunction(i, operator);
    };
  }

  private String byFunction(int i, String operator) {
    return "%s(%d, %s, %s) %s 0".formatted(COMPARE, i, incoming(i), current(i), operator);
  }

  private String incoming(int i) {
    return "excluded." + SqlNames.quote(layout.names().get(i)) + collation(i);
  }

  private String current(int i) {
    return "current." + SqlNames.quote(layout.names().get(i)) + collation(i);
  }

  /** A table that was there before may have another collation. */
  private String collation(int i) {
    return SqliteValues.columnType(layout.types().get(i)).equals("TEXT") ? " COLLATE BINARY" : "";
  }

  /** Makes the comparison known to a connection that is to run {@link #sql}. */
  static void registerComparison(Connection connection, RecordLayout layout) throws SQLException {
    List<ValueType> types = layout.types();
    Function.create(
        connection,
        COMPARE,
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            ValueType type = types.get(value_int(0));
            String left = value_text(1);
            String right = value_text(2);
            try {
              if (left == null || right == null) {
                result();
              } else {
                result(
                    ValueOrder.compare(
                        type,
                        SqliteValues.fromColumn(type, left),
                        SqliteValues.fromColumn(type, right)));
              }
            } catch (RuntimeException e) {
              throw new SQLException("Cannot compare a stored " + type.words(), e);
            }
          }
        });
  }
}
