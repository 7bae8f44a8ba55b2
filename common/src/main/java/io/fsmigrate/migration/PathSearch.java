package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds paths over the migrations of one group; all versions of a path go one direction. */
final class PathSearch {
  /** More choices than this help nobody, and there can be exponentially many. */
  static final int MAX_CHOICES = 5;

  private final List<Migration> migrations;

  PathSearch(List<Migration> migrations) {
    this.migrations = migrations.stream().sorted(Comparator.comparing(Migration::to)).toList();
  }

  Optional<Migration> straight(FeatureVersion from, FeatureVersion to) {
    return migrations.stream().filter(m -> m.from().equals(from) && m.to().equals(to)).findFirst();
  }

  /** Up to {@value #MAX_CHOICES} paths. */
  List<List<Migration>> paths(FeatureVersion from, FeatureVersion to) {
    boolean reverse = to.compareTo(from) < 0;
    List<Migration> usable = migrations.stream().filter(m -> m.isReverse() == reverse).toList();
    List<List<Migration>> found = new ArrayList<>();
    walk(from, to, usable, leadingTo(to, usable), new ArrayDeque<>(), found);
    return found;
  }

  /** Without dead ends every walk ends in a path, so that the limit bounds the work. */
  private static Set<FeatureVersion> leadingTo(FeatureVersion to, List<Migration> usable) {
    Set<FeatureVersion> leading = new HashSet<>(Set.of(to));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Migration migration : usable) {
        grew |= leading.contains(migration.to()) && leading.add(migration.from());
      }
    }
    return leading;
  }

  private static void walk(
      FeatureVersion at,
      FeatureVersion to,
      List<Migration> usable,
      Set<FeatureVersion> leading,
      Deque<Migration> way,
      List<List<Migration>> found) {
    if (at.equals(to)) {
      found.add(List.copyOf(way));
      return;
    }
    for (Migration next : usable) {
      if (found.size() < MAX_CHOICES && next.from().equals(at) && leading.contains(next.to())) {
        way.addLast(next);
        walk(next.to(), to, usable, leading, way, found);
        way.removeLast();
      }
    }
  }
}
