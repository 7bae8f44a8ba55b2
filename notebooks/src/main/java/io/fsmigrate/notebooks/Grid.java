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
   * @param number whether it is set to the right
   */
  record Cell(String text, boolean number) {
    /** Data as it is, shortened where it is long. */
    static Cell raw(Object value) {
      String text = String.valueOf(value);
      return new Cell(
          text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text,
          value instanceof Number);
    }

    /** What a program counted or named, for reading: thousands apart, nothing for an absent one. */
    static Cell of(Object value) {
      if (value instanceof Optional<?> optional) {
        return optional.map(Cell::of).orElse(new Cell("-", false));
      }
      if (value instanceof Long || value instanceof Integer) {
        return new Cell("%,d".formatted(((Number) value).longValue()), true);
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
            inner.forEach(name -> row.add(cells.getOrDefault(name, new Cell("-", false))));
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
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                i ->
                    Math.max(
                        header.get(i).length(),
                        rows.stream().mapToInt(row -> row.get(i).text().length()).max().orElse(0)))
            .toArray();
    StringBuilder text = new StringBuilder();
    List<Cell> names = header.stream().map(name -> new Cell(name, false)).toList();
    appendLine(text, names, widths);
    rows.forEach(row -> appendLine(text, row, widths));
    return text.append(note).toString().stripTrailing();
  }

  private static void appendLine(StringBuilder text, List<Cell> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).text().length());
      line.append(cells.get(i).number() ? padding + cells.get(i).text() : cells.get(i).text())
          .append(cells.get(i).number() ? "" : padding)
          .append("  ");
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  String html() {
    StringBuilder html = new StringBuilder("<table>\n<thead><tr>");
    header.forEach(name -> html.append("<th>").append(escape(name)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<Cell> row : rows) {
      html.append("<tr>");
      for (Cell cell : row) {
        html.append(cell.number() ? "<td style=\"text-align:right\">" : "<td>")
            .append(escape(cell.text()))
            .append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody>\n</table>\n").append(escape(note)).toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
