package io.fsmigrate.catalog;

import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.sagemaker.AwsAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads section {@code online-stores}; which keys a type knows is the store's own matter. */
final class OnlineStoreBinder {
  private static final String SQLITE = "sqlite";
  private static final String PATH = "path";

  private static final String REDIS = "redis";
  private static final List<String> FILES_OF_REDIS = List.of("password-file", "tls-ca-file");

  private static final String SAGEMAKER = "sagemaker";

  private final Locations locations;
  private final Optional<AwsAccess> access;

  /**
   * @param access account and region of SageMaker stores that do not say otherwise
   */
  OnlineStoreBinder(Locations locations, Optional<AwsAccess> access) {
    this.locations = locations;
    this.access = access;
  }

  Map<String, OnlineStoreDefinition> bind(Section root) {
    Map<String, OnlineStoreDefinition> stores = new TreeMap<>();
    root.section("online-stores")
        .ifPresent(
            section -> {
              for (String name : section.names()) {
                section
                    .section(name)
                    .flatMap(s -> store(name, s))
                    .ifPresent(d -> stores.put(name, d));
              }
            });
    return stores;
  }

  private Optional<OnlineStoreDefinition> store(String name, Section section) {
    Optional<String> type = section.requiredString("type");
    Map<String, String> settings = section.rest();
    if (type.filter(SQLITE::equals).isPresent()) {
      resolve(List.of(PATH), settings, section);
    }
    if (type.filter(REDIS::equals).isPresent()) {
      resolve(FILES_OF_REDIS, settings, section);
    }
    if (type.filter(SAGEMAKER::equals).isPresent()) {
      access.ifPresent(a -> a.settings().forEach(settings::putIfAbsent));
    }
    return type.map(t -> new OnlineStoreDefinition(name, t, settings));
  }

  private void resolve(List<String> keys, Map<String, String> settings, Section section) {
    for (String key : keys) {
      settings.computeIfPresent(key, (same, path) -> locations.resolve(path, section.origin(same)));
    }
  }
}
