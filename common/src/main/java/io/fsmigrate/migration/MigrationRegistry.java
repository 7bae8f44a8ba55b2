package io.fsmigrate.migration;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All migrations, and the paths that they make.
 *
 * <p>A path upwards uses only migrations to a higher version ({@code raw} is lower than all), a
 * path downwards only migrations to a lower one. So a migration and its reverse may both be
 * registered, and a path can never come back to a version that it has left.
 */
public final class MigrationRegistry {
  private final List<Migration> migrations;

  /**
   * @throws FsMigrateException DUPLICATE_MIGRATION for two with the same group, from and to;
   *     MIGRATION_LOOP for one that ends where it starts; MIGRATION_TO_RAW for one into {@code raw}
   */
  public MigrationRegistry(List<Migration> migrations) {
    this.migrations = List.copyOf(migrations);
    Map<String, Migration> ids = new HashMap<>();
    for (Migration migration : migrations) {
      if (migration.from().equals(migration.to())) {
        throw MigrationErrors.loop(migration);
      }
      if (migration.to().isRaw()) {
        throw MigrationErrors.toRaw(migration);
      }
      Migration earlier = ids.putIfAbsent(migration.id(), migration);
      if (earlier != null) {
        throw MigrationErrors.duplicate(earlier, migration);
      }
    }
  }

  /** All migrations in the order of their registration. */
  public List<Migration> migrations() {
    return migrations;
  }

  /** Those of one feature group. */
  public List<Migration> migrations(String group) {
    return migrations.stream().filter(m -> m.group().equals(group)).toList();
  }

  /**
   * The only path between two versions; see {@link #path(String, FeatureVersion, FeatureVersion,
   * List)}.
   */
  public MigrationPath path(String group, FeatureVersion from, FeatureVersion to) {
    return path(group, from, to, List.of());
  }

  /**
   * The path between two versions of a group; empty if they are equal.
   *
   * @param via versions to pass, in order, where there is a choice. Between two versions named so,
   *     a migration that leads straight from one to the other is preferred; naming {@code to}
   *     itself chooses the migration that leads straight there
   * @throws FsMigrateException NO_MIGRATION_PATH, AMBIGUOUS_MIGRATION_PATH (with the choices), or
   *     VIA_NOT_BETWEEN
   */
  public MigrationPath path(
      String group, FeatureVersion from, FeatureVersion to, List<FeatureVersion> via) {
    List<Migration> way = new ArrayList<>();
    PathSearch search = new PathSearch(migrations(group));
    FeatureVersion at = from;
    for (FeatureVersion next : stops(group, from, to, via)) {
      Optional<List<Migration>> segment = segment(search, group, at, next, !via.isEmpty());
      if (segment.isEmpty()) {
        throw MigrationErrors.noPath(group, at, next, migrations(group));
      }
      way.addAll(segment.get());
      at = next;
    }
    return new MigrationPath(way);
  }

  /**
   * The same without {@code via}, for callers that can do without a path: empty where there is
   * none.
   *
   * @throws FsMigrateException AMBIGUOUS_MIGRATION_PATH, with the choices
   */
  public Optional<MigrationPath> findPath(String group, FeatureVersion from, FeatureVersion to) {
    return from.equals(to)
        ? Optional.of(new MigrationPath(List.of()))
        : segment(new PathSearch(migrations(group)), group, from, to, false)
            .map(MigrationPath::new);
  }

  private static List<FeatureVersion> stops(
      String group, FeatureVersion from, FeatureVersion to, List<FeatureVersion> via) {
    List<FeatureVersion> stops = new ArrayList<>(via);
    if (!from.equals(to) && (via.isEmpty() || !via.get(via.size() - 1).equals(to))) {
      stops.add(to);
    }
    int direction = Integer.signum(to.compareTo(from));
    FeatureVersion at = from;
    for (FeatureVersion stop : stops) {
      if (direction == 0 || Integer.signum(stop.compareTo(at)) != direction) {
        throw MigrationErrors.viaNotBetween(group, from, to, via);
      }
      at = stop;
    }
    return stops;
  }

  private static Optional<List<Migration>> segment(
      PathSearch search,
      String group,
      FeatureVersion from,
      FeatureVersion to,
      boolean preferStraight) {
    Optional<Migration> straight = search.straight(from, to);
    if (preferStraight && straight.isPresent()) {
      return Optional.of(List.of(straight.get()));
    }
    List<List<Migration>> choices = search.paths(from, to);
    if (choices.size() > 1) {
      throw MigrationErrors.ambiguous(group, from, to, choices);
    }
    return choices.stream().findFirst();
  }
}
