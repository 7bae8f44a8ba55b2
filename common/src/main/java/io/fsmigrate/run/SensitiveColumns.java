package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which columns of the rows of a migration hold values of sensitive features, on either side of it.
 * It rather hides too much: what a step that cannot be looked into does is not known, so everything
 * is hidden there; of the others, whatever shares an expression or a rename with a sensitive column
 * is one.
 */
final class SensitiveColumns {
  private static final Pattern WORD = Pattern.compile("`((?:[^`]|``)+)`|([\\p{L}\\p{N}_]+)");

  private SensitiveColumns() {}

  static Masking of(Catalog catalog, RegisteredPath path) {
    Set<String> names = new HashSet<>();
    add(names, path.target().schema().sensitive());
    path.from().definition().ifPresent(d -> add(names, d.schema().sensitive()));
    List<Migration> migrations = path.migrations().migrations();
    for (Migration migration : migrations) {
      for (FeatureVersion version : List.of(migration.from(), migration.to())) {
        Optional<VersionedGroup> definition = catalog.group(migration.group()).version(version);
        definition.ifPresent(d -> add(names, d.schema().sensitive()));
      }
    }
    if (names.isEmpty()) {
      return Masking.none();
    }
    boolean opaque = migrations.stream().anyMatch(m -> !(m instanceof DeclarativeMigration));
    int before = -1;
    while (before != names.size()) {
      before = names.size();
      for (Migration migration : migrations) {
        if (migration instanceof DeclarativeMigration declarative) {
          declarative.steps().forEach(step -> spread(step, names));
        }
      }
    }
    return new Masking(opaque, names);
  }

  private static void spread(Step step, Set<String> names) {
    if (step instanceof Step.Rename rename) {
      share(names, List.of(rename.from(), rename.to()));
    } else if (step instanceof Step.SetTo set) {
      share(names, words(set.name(), set.expression()));
    } else if (step instanceof Step.Add add) {
      add.expression().ifPresent(expression -> share(names, words(add.name(), expression)));
    }
  }

  /** Names of functions among them do no harm. */
  private static List<String> words(String name, String expression) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(name),
            WORD.matcher(expression)
                .results()
                .map(
                    word ->
                        word.group(1) == null ? word.group(2) : word.group(1).replace("``", "`")))
        .toList();
  }

  private static void share(Set<String> names, List<String> together) {
    List<String> lower = together.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
    if (lower.stream().anyMatch(names::contains)) {
      names.addAll(lower);
    }
  }

  private static void add(Set<String> names, List<String> more) {
    more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }
}
