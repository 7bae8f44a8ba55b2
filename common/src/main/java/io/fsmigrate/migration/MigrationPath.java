package io.fsmigrate.migration;

import java.util.List;

/**
 * The migrations that lead from one version to another, in order.
 *
 * @param migrations each starts at the version where the one before ends; none if the versions are
 *     equal
 */
public record MigrationPath(List<Migration> migrations) {
  public MigrationPath {
    migrations = List.copyOf(migrations);
    for (int i = 1; i < migrations.size(); i++) {
      if (!migrations.get(i).from().equals(migrations.get(i - 1).to())) {
        throw new IllegalArgumentException("Not connected: " + migrations);
      }
    }
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return migrations.isEmpty();
  }

  /** The ids in order. */
  public List<String> ids() {
    return migrations.stream().map(Migration::id).toList();
  }
}
