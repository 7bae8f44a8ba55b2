package io.fsmigrate.migration;

import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    Map<Path, ProviderCode> read = new HashMap<>();
    try {
      for (MigrationFunction function : ServiceLoader.load(MigrationFunction.class, loader)) {
        Path jar = ProviderCode.location(function.getClass());
        found.add(JavaMigration.of(function, read.computeIfAbsent(jar, ProviderCode::read)));
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      // A class of a newer Java, or one that lacks another, comes as a linkage error of its own.
      throw MigrationErrors.brokenProvider(e);
    }
    return found;
  }
}
