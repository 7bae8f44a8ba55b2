package io.fsmigrate.migration;

/** Removes the blanks of a SQL text that no editor shows and that cannot change its meaning. */
final class SqlText {
  private final String sql;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private SqlText(String sql) {
    this.sql = sql;
  }

  /** Without blanks at line ends and around the text; blanks inside quotes stay. */
  static String trimLines(String sql) {
    return new SqlText(sql).trimmed();
  }

  private String trimmed() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\'' || c == '"' || c == '`') {
        quoted(c);
      } else if (sql.startsWith("--", at)) {
        comment("\n", 0);
      } else if (sql.startsWith("/*", at)) {
        comment("*/", 2);
      } else {
        plain(c);
        at++;
      }
    }
    dropTrailingBlanks();
    return out.toString().strip();
  }

  private void plain(char c) {
    if (c == '\n') {
      dropTrailingBlanks();
    }
    out.append(c);
  }

  /** A comment may hold an apostrophe, which opens no quote. */
  private void comment(String close, int closeLength) {
    int end = sql.indexOf(close, at + 2);
    int stop = end < 0 ? sql.length() : end + closeLength;
    while (at < stop) {
      plain(sql.charAt(at));
      at++;
    }
  }

  private void quoted(char quote) {
    boolean escapes = quote != '`' && !isRawLiteral();
    out.append(sql.charAt(at++));
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      out.append(c);
      if (c == '\\' && escapes && at < sql.length()) {
        out.append(sql.charAt(at++));
      } else if (c == quote) {
        return;
      }
    }
  }

  /** {@code r'...'}: backslashes stand for themselves. */
  private boolean isRawLiteral() {
    boolean prefixed = at > 0 && (sql.charAt(at - 1) == 'r' || sql.charAt(at - 1) == 'R');
    return prefixed && (at == 1 || !Character.isJavaIdentifierPart(sql.charAt(at - 2)));
  }

  private void dropTrailingBlanks() {
    int end = out.length();
    while (end > 0 && (out.charAt(end - 1) == ' ' || out.charAt(end - 1) == '\t')) {
      end--;
    }
    out.setLength(end);
  }
}
