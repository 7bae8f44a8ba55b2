package io.fsmigrate.jobs.page;

import java.util.List;

/** Writes HTML. Every text and every value of an attribute is escaped, here and nowhere else. */
final class Html {
  /** What an element needs no more than, in a list of attributes. */
  static final List<String> PLAIN = List.of();

  private final StringBuilder out = new StringBuilder();

  /** An element of a class, or of several. */
  static List<String> of(String classes) {
    return List.of("class", classes);
  }

  /**
   * An element with others in it.
   *
   * @param attributes names and values in turn
   */
  void in(String tag, List<String> attributes, Runnable content) {
    open(tag, attributes);
    content.run();
    out.append("</").append(tag).append(">\n");
  }

  /** An element with a text in it. */
  void text(String tag, List<String> attributes, String text) {
    open(tag, attributes);
    text(text);
    out.append("</").append(tag).append(">\n");
  }

  /** A text within the element that is open. */
  void text(String text) {
    out.append(escaped(text));
  }

  /** An element that has no end. */
  void empty(String tag, List<String> attributes) {
    open(tag, attributes);
  }

  /** Something of the program's own that is not to be escaped, such as a style sheet. */
  void own(String tag, String content) {
    out.append('<').append(tag).append(">\n").append(content);
    out.append("</").append(tag).append(">\n");
  }

  private void open(String tag, List<String> attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.size(); i += 2) {
      out.append(' ').append(attributes.get(i)).append("=\"");
      out.append(escaped(attributes.get(i + 1))).append('"');
    }
    out.append('>');
  }

  /** Also characters that no HTML may have, which rows of users can. */
  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\t' -> safe.appendCodePoint(c);
                default ->
                    safe.appendCodePoint(
                        Character.isISOControl(c)
                                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                            ? '\uFFFD'
                            : c);
              }
            });
    return safe.toString();
  }

  /** The document. */
  String document() {
    return "<!doctype html>\n" + out;
  }
}
