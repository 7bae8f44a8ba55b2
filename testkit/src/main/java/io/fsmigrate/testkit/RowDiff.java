package io.fsmigrate.testkit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** What two bags of rows do not have in common; a row that is there too often counts each time. */
record RowDiff(List<List<Object>> missing, List<List<Object>> extra) {
  private static final int SHOWN = 20;

  static RowDiff of(List<Row> expected, List<Row> actual) {
    Map<List<Object>, Integer> surplus = new LinkedHashMap<>();
    actual.forEach(row -> surplus.merge(values(row), 1, Integer::sum));
    expected.forEach(row -> surplus.merge(values(row), -1, Integer::sum));
    List<List<Object>> missing = new ArrayList<>();
    List<List<Object>> extra = new ArrayList<>();
    surplus.forEach(
        (row, count) -> {
          missing.addAll(Collections.nCopies(Math.max(0, -count), row));
          extra.addAll(Collections.nCopies(Math.max(0, count), row));
        });
    return new RowDiff(missing, extra);
  }

  String describe(List<String> columns, boolean withExtra) {
    StringBuilder text = new StringBuilder("Rows differ (their order is ignored).");
    append(text, "missing", "-", missing, columns);
    if (withExtra) {
      append(text, "extra", "+", extra, columns);
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, String what, String sign, List<List<Object>> rows, List<String> columns) {
    text.append("%n%d %s".formatted(rows.size(), what));
    rows.stream()
        .limit(SHOWN)
        .forEach(row -> text.append("%n  %s %s".formatted(sign, format(row, columns))));
    if (rows.size() > SHOWN) {
      text.append("%n  ... and %d more".formatted(rows.size() - SHOWN));
    }
  }

  private static String format(List<Object> row, List<String> columns) {
    if (row.size() != columns.size()) {
      return row + " (has " + row.size() + " values, the columns are " + columns + ")";
    }
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(columns.get(i) + "=" + row.get(i));
    }
    return "{" + String.join(", ", cells) + "}";
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>(row.size());
    for (int i = 0; i < row.size(); i++) {
      values.add(comparable(row.get(i)));
    }
    return values;
  }

  /** The value in a form whose equals and toString say what a test means. */
  private static Object comparable(Object value) {
    if (value instanceof Row row) {
      return values(row);
    } else if (value instanceof BigDecimal decimal) {
      return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    } else if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toInstant();
    } else if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    } else if (value instanceof byte[] bytes) {
      List<Object> copy = new ArrayList<>(bytes.length);
      for (byte b : bytes) {
        copy.add(b);
      }
      return copy;
    } else if (value instanceof scala.collection.Map<?, ?> map) {
      return comparable(CollectionConverters.asJava(map));
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new TreeMap<>(RowDiff::byText);
      map.forEach((key, item) -> copy.put(comparable(key), comparable(item)));
      return copy;
    } else if (value instanceof scala.collection.Iterable<?> items) {
      return comparable(CollectionConverters.asJava(items));
    } else if (value instanceof Iterable<?> items) {
      List<Object> copy = new ArrayList<>();
      items.forEach(item -> copy.add(comparable(item)));
      return copy;
    }
    return value;
  }

  private static int byText(Object left, Object right) {
    return String.valueOf(left).compareTo(String.valueOf(right));
  }
}
