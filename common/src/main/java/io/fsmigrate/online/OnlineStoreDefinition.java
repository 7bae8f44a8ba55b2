package io.fsmigrate.online;

import java.util.Map;

/**
 * An online store as the catalog names it.
 *
 * @param name what feature groups refer to
 * @param type one of {@link OnlineStores#types()}
 * @param settings by key, as the type documents them; may hold secrets
 */
public record OnlineStoreDefinition(String name, String type, Map<String, String> settings)
    implements java.io.Serializable {}
