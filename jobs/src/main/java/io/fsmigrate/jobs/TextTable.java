package io.fsmigrate.jobs;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of aligned columns under a heading, for people. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> lines = new ArrayList<>();

  TextTable(String... headings) {
    lines.add(List.of(headings));
  }

  /** Adds a line; numbers and times as their own text. */
  TextTable add(Object... cells) {
    List<String> line = new ArrayList<>();
    for (Object cell : cells) {
      line.add(String.valueOf(cell));
    }
    lines.add(line);
    return this;
  }

  /** Writes the table, or the given sentence if it has no line. */
  void print(PrintWriter out, String ifEmpty) {
    if (lines.size() == 1) {
      out.println(ifEmpty);
      return;
    }
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length())).append(GAP);
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
