package io.fsmigrate.jobs;

import io.fsmigrate.catalog.ConfigReference;
import java.io.PrintWriter;

/**
 * The keys of the configuration as Markdown: one table for each key at the top, then an example.
 */
final class ReferenceText {
  private ReferenceText() {}

  static void print(ConfigReference reference, PrintWriter out) {
    String part = "";
    for (ConfigReference.Key key : reference.keys()) {
      String top = key.key().split("[.\\[]", 2)[0];
      if (!top.equals(part)) {
        out.print(part.isEmpty() ? "" : "\n");
        out.printf("### %s\n\n", top);
        part = top;
        out.print("| key | type | default | meaning |\n|---|---|---|---|\n");
      }
      out.printf(
          "| `%s` | %s | %s | %s |\n", key.key(), key.type(), key.defaultValue(), key.meaning());
    }
    out.printf("\n### Example\n\n```hocon\n%s```\n", reference.example());
  }
}
