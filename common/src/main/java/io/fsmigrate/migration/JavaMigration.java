package io.fsmigrate.migration;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;

/**
 * A migration written in Java.
 *
 * @param function what the class path provides
 * @param code the jar that it comes from
 */
public record JavaMigration(
    String group,
    FeatureVersion from,
    FeatureVersion to,
    String description,
    MigrationFunction function,
    ProviderCode code)
    implements Migration {

  /**
   * The migration that a provider describes.
   *
   * @throws FsMigrateException INVALID_MIGRATION_PROVIDER if it cannot be asked, a version it gives
   *     is none, or the jar it comes from cannot be read
   */
  public static JavaMigration of(MigrationFunction function) {
    return of(function, ProviderCode.read(ProviderCode.location(function.getClass())));
  }

  /** The same where its jar has been read already. */
  static JavaMigration of(MigrationFunction function, ProviderCode code) {
    try {
      return new JavaMigration(
          given("group", function.group()),
          new FeatureVersion(given("from", function.from())),
          new FeatureVersion(given("to", function.to())),
          given("description", function.description()),
          function,
          code);
    } catch (RuntimeException | LinkageError e) {
      // The provider is foreign code: whatever it throws here is its own fault.
      throw MigrationErrors.invalidProvider(function.getClass().getName(), e);
    }
  }

  private static String given(String method, String value) {
    if (value == null) {
      throw new IllegalArgumentException(method + "() gives null");
    }
    return value;
  }

  @Override
  public String origin() {
    return function.getClass().getName();
  }

  /** Over the name of the provider's class and everything in the jar that it comes from. */
  @Override
  public String checksum() {
    return new Checksum("java", this).add("class", origin()).add("code", code.hash()).text();
  }
}
