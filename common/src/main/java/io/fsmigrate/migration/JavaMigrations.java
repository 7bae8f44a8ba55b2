package io.fsmigrate.migration;

import io.fsmigrate.error.FsMigrateException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the migrations that jars on the class path provide. */
public final class JavaMigrations {
  private JavaMigrations() {}

  /**
   * Every {@link MigrationFunction} that the class loader finds.
   *
   * @throws FsMigrateException INVALID_MIGRATION_PROVIDER for one that cannot be made
   */
  public static List<Migration> discover(ClassLoader loader) {
    List<Migration> found = new ArrayList<>();
    try {
      for (MigrationFunction function : ServiceLoader.load(MigrationFunction.class, loader)) {
        found.add(JavaMigration.of(function));
      }
    } catch (ServiceConfigurationError e) {
      throw MigrationErrors.brokenProvider(e);
    }
    return found;
  }
}
