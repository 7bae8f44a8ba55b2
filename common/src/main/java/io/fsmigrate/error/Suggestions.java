package io.fsmigrate.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant, for messages about a name that is not known. */
public final class Suggestions {
  private static final int SHOWN = 10;

  private Suggestions() {}

  /**
   * The known name with the fewest edits (insert, delete, replace, swap of neighbours; case is
   * free), unless more than a third of its letters would have to change.
   */
  public static Optional<String> nearest(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String best = null;
    int fewest = Integer.MAX_VALUE;
    for (String candidate : known) {
      int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT));
      int allowed = Math.max(1, Math.max(wanted.length(), candidate.length()) / 3);
      if (edits <= allowed && edits < fewest) {
        best = candidate;
        fewest = edits;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code "; did you mean X?"}, or nothing where no known name is near. */
  public static String didYouMean(String name, Collection<String> known) {
    return nearest(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** The first ten names with commas, the number of the others, or {@code none}. */
  public static String list(Collection<String> known) {
    if (known.isEmpty()) {
      return "none";
    }
    String shown = String.join(", ", known.stream().limit(SHOWN).toList());
    return known.size() <= SHOWN ? shown : shown + " and " + (known.size() - SHOWN) + " more";
  }

  /** Optimal string alignment distance. */
  private static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(cost[i - 1][j - 1] + replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
