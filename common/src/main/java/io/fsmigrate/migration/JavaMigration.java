package io.fsmigrate.migration;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A migration written in Java.
 *
 * @param function what the class path provides
 */
public record JavaMigration(
    String group,
    FeatureVersion from,
    FeatureVersion to,
    String description,
    MigrationFunction function)
    implements Migration {

  /**
   * The migration that a provider describes.
   *
   * @throws FsMigrateException INVALID_MIGRATION_PROVIDER if a version it gives is none
   */
  public static JavaMigration of(MigrationFunction function) {
    try {
      return new JavaMigration(
          function.group(),
          new FeatureVersion(function.from()),
          new FeatureVersion(function.to()),
          function.description(),
          function);
    } catch (FsMigrateException e) {
      throw MigrationErrors.invalidProvider(function.getClass().getName(), e);
    }
  }

  /** Over the bytes of the provider's class and of the classes nested in it. */
  @Override
  public String checksum() {
    Checksum checksum = new Checksum("java", this);
    for (Class<?> type : classes()) {
      checksum.add(type.getName(), bytes(type));
    }
    return checksum.text();
  }

  /** Nest members include anonymous and local classes; a stable order makes a stable hash. */
  private List<Class<?>> classes() {
    Class<?> provider = function.getClass();
    return Arrays.<Class<?>>stream(provider.getNestMembers())
        .filter(t -> t == provider || t.getName().startsWith(provider.getName() + "$"))
        .sorted(Comparator.comparing(Class::getName))
        .toList();
  }

  private static byte[] bytes(Class<?> type) {
    String resource = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      if (in == null) {
        throw MigrationErrors.noClassFile(type.getName(), null);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw MigrationErrors.noClassFile(type.getName(), e);
    }
  }
}
