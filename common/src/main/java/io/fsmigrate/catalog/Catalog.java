package io.fsmigrate.catalog;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureGroup;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.MigrationRegistry;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that is defined: bound once from the configuration, by {@link CatalogLoader}.
 *
 * @param warehouse where tables and state live: an absolute path or a URI
 * @param groups feature groups by name
 * @param migrations those of the configuration and of the class path
 * @param onlineStores definitions by name
 * @param settings how a run works
 * @param sageMaker how SageMaker is reached
 * @param verify how sides are compared
 */
public record Catalog(
    String warehouse,
    Map<String, FeatureGroup> groups,
    MigrationRegistry migrations,
    Map<String, OnlineStoreDefinition> onlineStores,
    RunSettings settings,
    SageMakerSettings sageMaker,
    VerifySettings verify) {
  public Catalog {
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
    onlineStores = Collections.unmodifiableMap(new TreeMap<>(onlineStores));
  }

  /**
   * The feature group of that name.
   *
   * @throws FsMigrateException UNKNOWN_FEATURE_GROUP, with the nearest name and those there are
   */
  public FeatureGroup group(String name) {
    FeatureGroup group = groups.get(name);
    if (group == null) {
      throw CatalogErrors.unknownGroup(name, groups.keySet());
    }
    return group;
  }

  /**
   * One version of a feature group.
   *
   * @throws FsMigrateException UNKNOWN_FEATURE_GROUP or UNKNOWN_VERSION
   */
  public VersionedGroup version(String group, FeatureVersion version) {
    FeatureGroup found = group(group);
    return found
        .version(version)
        .orElseThrow(() -> CatalogErrors.unknownVersion(group, version, found.versions().keySet()));
  }

  /**
   * The online store of that name.
   *
   * @throws FsMigrateException UNKNOWN_ONLINE_STORE
   */
  public OnlineStoreDefinition onlineStore(String name) {
    OnlineStoreDefinition found = onlineStores.get(name);
    if (found == null) {
      throw CatalogErrors.unknownOnlineStore(name, onlineStores.keySet());
    }
    return found;
  }
}
