package io.fsmigrate.catalog;

import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads section {@code online-stores}; which keys a type knows is the store's own matter. */
final class OnlineStoreBinder {
  private static final String SQLITE = "sqlite";
  private static final String PATH = "path";

  private final Locations locations;

  OnlineStoreBinder(Locations locations) {
    this.locations = locations;
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
    if (type.filter(SQLITE::equals).isPresent() && settings.containsKey(PATH)) {
      settings.computeIfPresent(PATH, (key, path) -> locations.resolve(path, section.origin(PATH)));
    }
    return type.map(t -> new OnlineStoreDefinition(name, t, settings));
  }
}
