package io.fsmigrate.jobs.page;

import java.util.List;

/** A table in a box of its own, which scrolls where the screen is narrower than the table. */
final class Table {
  private final Html html;

  Table(Html html) {
    this.html = html;
  }

  /**
   * @param label what screen readers say of it
   * @param numbers how many of the columns, from the last on, are numbers
   */
  void write(String label, List<String> columns, int numbers, Runnable rows) {
    html.in(
        "div",
        List.of("class", "scroll", "role", "region", "aria-label", label, "tabindex", "0"),
        () ->
            html.in(
                "table",
                Html.PLAIN,
                () -> {
                  html.in(
                      "thead",
                      Html.PLAIN,
                      () -> html.in("tr", Html.PLAIN, () -> head(columns, numbers)));
                  html.in("tbody", Html.PLAIN, rows);
                }));
  }

  private void head(List<String> columns, int numbers) {
    for (int i = 0; i < columns.size(); i++) {
      html.text(
          "th",
          i >= columns.size() - numbers
              ? List.of("scope", "col", "class", "number")
              : List.of("scope", "col"),
          columns.get(i));
    }
  }

  /** A row; its first cell says what the others are of. */
  void row(String first, Runnable cells) {
    html.in(
        "tr",
        Html.PLAIN,
        () -> {
          html.text("th", List.of("scope", "row"), first);
          cells.run();
        });
  }

  void text(String text) {
    html.text("td", Html.PLAIN, text);
  }

  void code(String text) {
    html.in("td", Html.PLAIN, () -> html.text("code", Html.PLAIN, text));
  }

  /**
   * @param key names the number for who looks it up in the page, such as {@code offline/read}
   */
  void number(String key, long number) {
    html.text("td", List.of("class", "number", "data-number", key), Numbers.grouped(number));
  }

  void nothing() {
    html.text("td", Html.of("number quiet"), "–");
  }
}
