package io.fsmigrate.notebooks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table as a person reads it.
 *
 * @param header names of the columns
 * @param rows as many cells each as there are columns
 * @param note what stands below; empty for nothing
 */
record Grid(List<String> header, List<List<Cell>> rows, String note) {
  /** Of a data frame with more rows only the first ones are read. */
  static final int MAX_ROWS = 20;

  private static final int MAX_TEXT = 200;

  Grid {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /**
   * One value.
   *
   * @param number whether its column is set to the right, if all others are numbers as well
   */
  record Cell(String text, boolean number) {
    /** Where there is no value; it does not keep a column from being one of numbers. */
    static final Cell ABSENT = new Cell("-", true);

    /** Data as it is, shortened where it is long. */
    static Cell raw(Object value) {
      String text = String.valueOf(value).replace("\n", "; ");
      return new Cell(
          text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text,
          value instanceof Number);
    }

    /** What a program counted or named, for reading: thousands apart, nothing for an absent one. */
    static Cell of(Object value) {
      if (value instanceof Optional<?> optional) {
        return optional.map(Cell::of).orElse(ABSENT);
      }
      if (value instanceof Long || value instanceof Integer) {
        return new Cell("%,d".formatted(((Number) value).longValue()), true);
      }
      if (value instanceof Double || value instanceof Float) {
        return new Cell("%,.4f".formatted(((Number) value).doubleValue()), true);
      }
      if (value instanceof Map<?, ?> map) {
        return raw(
            map.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + of(entry.getValue()).text())
                .collect(Collectors.joining(", ")));
      }
      if (value instanceof Collection<?> collection) {
        return raw(
            collection.stream()
                .map(element -> of(element).text())
                .collect(Collectors.joining(", ")));
      }
      return raw(value);
    }
  }

  /** The first rows of a data frame. */
  static Grid of(Dataset<Row> data) {
    List<Row> rows = data.takeAsList(MAX_ROWS + 1);
    boolean more = rows.size() > MAX_ROWS;
    return new Grid(
        Arrays.asList(data.columns()),
        rows.stream()
            .limit(MAX_ROWS)
            .map(row -> IntStream.range(0, row.size()).mapToObj(i -> Cell.raw(row.get(i))).toList())
            .toList(),
        more ? "Only the first " + MAX_ROWS + " rows." : "");
  }

  /** A row for each value: records of one class with a column for each component. */
  static Grid of(Collection<?> values) {
    List<Class<?>> classes =
        values.stream().<Class<?>>map(Object::getClass).distinct().limit(2).toList();
    String note = values.isEmpty() ? "None." : "";
    return classes.size() == 1 && classes.get(0).isRecord()
        ? new Grid(names(classes.get(0)), values.stream().map(Grid::components).toList(), note)
        : new Grid(
            List.of("value"), values.stream().map(value -> List.of(Cell.of(value))).toList(), note);
  }

  /**
   * A row for each entry. Where the values are maps or records, a column for each of their keys or
   * components.
   */
  static Grid of(Map<?, ?> map) {
    Set<String> inner = new LinkedHashSet<>();
    map.values().forEach(value -> inner.addAll(inner(value).keySet()));
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(inner.isEmpty() ? List.of("value") : inner);
    List<List<Cell>> rows = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          List<Cell> row = new ArrayList<>(List.of(Cell.of(key)));
          Map<String, Cell> cells = inner(value);
          if (inner.isEmpty()) {
            row.add(Cell.of(value));
          } else {
            inner.forEach(name -> row.add(cells.getOrDefault(name, Cell.ABSENT)));
          }
          rows.add(row);
        });
    return new Grid(header, rows, "");
  }

  private static Map<String, Cell> inner(Object value) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> cells.put(String.valueOf(key), Cell.of(element)));
    } else if (value instanceof Record) {
      List<String> names = names(value.getClass());
      List<Cell> components = components(value);
      IntStream.range(0, names.size()).forEach(i -> cells.put(names.get(i), components.get(i)));
    }
    return cells;
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static List<Cell> components(Object value) {
    List<Cell> cells = new ArrayList<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        // A record that a cell defines is not public.
        component.getAccessor().setAccessible(true);
        cells.add(Cell.of(component.getAccessor().invoke(value)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("Cannot read " + component + " of " + value.getClass(), e);
      }
    }
    return cells;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    int[] widths = IntStream.range(0, header.size()).map(this::width).toArray();
    boolean[] right = numeric();
    appendLine(text, header, widths, new boolean[header.size()]);
    rows.forEach(row -> appendLine(text, row.stream().map(Cell::text).toList(), widths, right));
    return text.append(note).toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream()
        .mapToInt(row -> row.get(column).text().length())
        .reduce(header.get(column).length(), Math::max);
  }

  /** Which columns hold numbers only. */
  private boolean[] numeric() {
    boolean[] numeric = new boolean[header.size()];
    for (int i = 0; i < numeric.length; i++) {
      int column = i;
      numeric[i] = rows.stream().allMatch(row -> row.get(column).number());
    }
    return numeric;
  }

  private static void appendLine(
      StringBuilder text, List<String> cells, int[] widths, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(right[i] ? padding + cells.get(i) : cells.get(i) + padding).append("  ");
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  String html() {
    StringBuilder html = new StringBuilder("<table>\n<thead>");
    boolean[] right = numeric();
    appendHtml(html, "th", header, right);
    html.append("</thead>\n<tbody>\n");
    rows.forEach(row -> appendHtml(html, "td", row.stream().map(Cell::text).toList(), right));
    return html.append("</tbody>\n</table>\n").append(escape(note)).toString();
  }

  // Jupyter itself would set everything to the right.
  private static void appendHtml(
      StringBuilder html, String tag, List<String> cells, boolean[] right) {
    html.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      html.append("<%s style=\"text-align:%s\">".formatted(tag, right[i] ? "right" : "left"))
          .append(escape(cells.get(i)))
          .append("</%s>".formatted(tag));
    }
    html.append("</tr>\n");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
