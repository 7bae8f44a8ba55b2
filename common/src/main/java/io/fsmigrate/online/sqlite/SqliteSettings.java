package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of an online store of type {@code sqlite}.
 *
 * @param store the store's name in the catalog
 * @param path the database file; setting {@code path}, required
 * @param table setting {@code table}; the feature group's name where it is not set
 * @param busyTimeoutMillis how long to wait for another writer; setting {@code busy-timeout-ms}
 * @param writeFromDriver whether a run on a cluster writes the file on the driver's machine;
 *     setting {@code write-from}, {@code driver} or {@code tasks} (default)
 */
record SqliteSettings(
    String store,
    Path path,
    Optional<String> table,
    int busyTimeoutMillis,
    boolean writeFromDriver) {
  static final String PATH = "path";
  static final String TABLE = "table";
  static final String BUSY_TIMEOUT = "busy-timeout-ms";
  static final String WRITE_FROM = "write-from";

  /** Long enough for the largest bucket of a neighbour, short enough to notice a dead lock. */
  static final int DEFAULT_BUSY_TIMEOUT_MILLIS = 60_000;

  private static final Set<String> KEYS =
      new TreeSet<>(Set.of(PATH, TABLE, BUSY_TIMEOUT, WRITE_FROM));

  static SqliteSettings of(OnlineStoreDefinition definition) {
    String store = definition.name();
    Map<String, String> settings = definition.settings();
    for (String key : new TreeSet<>(settings.keySet())) {
      if (!KEYS.contains(key)) {
        throw OnlineErrors.unknownSetting(store, key, KEYS);
      }
    }
    if (settings.getOrDefault(PATH, "").isBlank()) {
      throw OnlineErrors.missingSetting(store, PATH, "the file of the SQLite database");
    }
    return new SqliteSettings(
        store,
        path(store, settings.get(PATH)),
        Optional.ofNullable(settings.get(TABLE)),
        millis(store, settings.get(BUSY_TIMEOUT)),
        fromDriver(store, settings.getOrDefault(WRITE_FROM, "tasks")));
  }

  private static Path path(String store, String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw OnlineErrors.invalidSetting(store, PATH, text, "write the path of a file");
    }
  }

  private static boolean fromDriver(String store, String text) {
    return switch (text) {
      case "driver" -> true;
      case "tasks" -> false;
      default ->
          throw OnlineErrors.invalidSetting(store, WRITE_FROM, text, "write tasks or driver");
    };
  }

  private static int millis(String store, String text) {
    if (text == null) {
      return DEFAULT_BUSY_TIMEOUT_MILLIS;
    }
    if (!text.matches("\\d{1,9}")) {
      throw OnlineErrors.invalidSetting(
          store, BUSY_TIMEOUT, text, "write a whole number of milliseconds, 0 or more");
    }
    return Integer.parseInt(text);
  }
}
