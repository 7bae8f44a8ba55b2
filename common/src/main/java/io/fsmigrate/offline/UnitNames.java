package io.fsmigrate.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of units, and of several that are written together: {@code u0001-u0010,u0012}. */
final class UnitNames {
  private UnitNames() {}

  static String name(int number) {
    return String.format(Locale.ROOT, "u%04d", number);
  }

  /**
   * @param names of units, ascending
   */
  static String text(List<String> names) {
    List<String> spans = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= names.size(); i++) {
      if (i == names.size() || number(names.get(i)) != number(names.get(i - 1)) + 1) {
        String from = names.get(first);
        spans.add(i - first == 1 ? from : from + "-" + names.get(i - 1));
        first = i;
      }
    }
    return String.join(",", spans);
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring(1));
  }
}
