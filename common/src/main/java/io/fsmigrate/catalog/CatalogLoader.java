package io.fsmigrate.catalog;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import io.fsmigrate.feature.FeatureGroup;
import io.fsmigrate.migration.JavaMigrations;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationRegistry;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binds the configuration to a {@link Catalog}. Precedence: {@code --set}, the file, then the
 * defaults of reference.conf. The root key is {@code fs-migrate}; other root keys are the user's
 * own, for substitution.
 */
public final class CatalogLoader {
  private final Findings findings;
  private final Locations locations;

  private CatalogLoader(Optional<Path> file) {
    this.findings = new Findings(file);
    this.locations = new Locations(file);
  }

  /**
   * Reads and checks everything; what is wrong is told in one answer.
   *
   * @param file the configuration file; none gives the defaults
   * @param sets keys and values of {@code --set}; the root key may be left out
   * @param env environment variables, for substitutions such as {@code ${?NAME}}
   * @throws FsMigrateException exit code 2, with file, line and full key of up to three findings
   */
  public static Catalog load(
      Optional<Path> file, Map<String, String> sets, Map<String, String> env) {
    Config config = ConfigSource.read(file, sets, env);
    CatalogLoader loader = new CatalogLoader(file);
    file.ifPresent(loader::checkRoot);
    return loader.bind(config);
  }

  /** Root keys are free, but one that nearly is ours is a slip of the pen. */
  private void checkRoot(Path file) {
    ConfigObject root = ConfigSource.file(file).root();
    for (String key : root.keySet()) {
      if (!key.equals(ConfigSource.ROOT)
          && Suggestions.nearest(key, List.of(ConfigSource.ROOT)).isPresent()) {
        findings.add(
            "UNKNOWN_KEY",
            root.get(key).origin(),
            key,
            "unknown key; did you mean %s?".formatted(ConfigSource.ROOT));
      }
    }
  }

  private Catalog bind(Config config) {
    ConfigValue value = config.root().get(ConfigSource.ROOT);
    if (!(value instanceof ConfigObject object)) {
      findings.add("WRONG_TYPE", value.origin(), ConfigSource.ROOT, "must be an object { ... }");
      findings.throwIfAny();
      throw new IllegalStateException("A finding was just added");
    }
    Section root = new Section(object, ConfigSource.ROOT, findings);
    String warehouse =
        root.requiredString("warehouse")
            .map(text -> locations.resolve(text, root.origin("warehouse")))
            .orElse("");
    Optional<SageMakerSettings> sageMaker =
        root.require("sagemaker", root.section("sagemaker")).map(SageMakerBinder::bind);
    Map<String, OnlineStoreDefinition> stores =
        new OnlineStoreBinder(locations, sageMaker.map(SageMakerSettings::access)).bind(root);
    Map<String, FeatureGroup> groups = new GroupBinder(stores.keySet()).bind(root);
    ConfigOrigin migrationsAt = root.origin("migrations");
    List<Migration> migrations = new ArrayList<>(new MigrationBinder(locations, groups).bind(root));
    migrations.addAll(provided(groups));
    Optional<MigrationRegistry> registry =
        root.attempt(
            migrationsAt, root.path("migrations"), () -> new MigrationRegistry(migrations));
    Optional<RunSettings> settings = root.require("run", root.section("run")).map(RunBinder::bind);
    Optional<VerifySettings> verify =
        root.require("verify", root.section("verify")).map(VerifyBinder::bind);
    root.finish();
    findings.throwIfAny();
    return new Catalog(
        warehouse,
        groups,
        registry.orElseThrow(),
        stores,
        settings.orElseThrow(),
        sageMaker.orElseThrow(),
        verify.orElseThrow());
  }

  /**
   * Those of the jars on the class path. On Spark that is the class path of the context class
   * loader, which has the jars of {@code --jars}; the loader of this class may not see them. A jar
   * may serve several catalogs, so functions of groups that this one lacks are left out.
   */
  private static List<Migration> provided(Map<String, FeatureGroup> groups) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? CatalogLoader.class.getClassLoader() : context;
    return JavaMigrations.discover(loader).stream()
        .filter(migration -> groups.containsKey(migration.group()))
        .toList();
  }
}
