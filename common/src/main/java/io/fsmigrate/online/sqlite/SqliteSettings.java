package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.StoreSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of an online store of type {@code sqlite}.
 *
 * @param store the store's name in the catalog
 * @param path the database file; setting {@code path}, required
 * @param table setting {@code table}
 * @param servingView setting {@code serving-view}: the view that shows what is served, {@code
 *     {group}} to be filled in; empty for none
 * @param busyTimeoutMillis how long to wait for another writer; setting {@code busy-timeout-ms}
 * @param writeFromDriver whether a run on a cluster writes the file on the driver's machine;
 *     setting {@code write-from}, {@code driver} or {@code tasks} (default)
 */
record SqliteSettings(
    String store,
    Path path,
    NameTemplate table,
    Optional<String> servingView,
    int busyTimeoutMillis,
    boolean writeFromDriver) {
  static final String PATH = "path";
  static final String TABLE = "table";
  static final String SERVING_VIEW = "serving-view";
  static final String BUSY_TIMEOUT = "busy-timeout-ms";
  static final String WRITE_FROM = "write-from";

  /** Long enough for the largest bucket of a neighbour, short enough to notice a dead lock. */
  static final int DEFAULT_BUSY_TIMEOUT_MILLIS = 60_000;

  private static final Set<String> KEYS =
      new TreeSet<>(Set.of(PATH, TABLE, SERVING_VIEW, BUSY_TIMEOUT, WRITE_FROM));

  static SqliteSettings of(OnlineStoreDefinition definition) {
    StoreSettings settings = StoreSettings.of(definition, KEYS);
    settings.required(PATH, "the file of the SQLite database");
    return new SqliteSettings(
        definition.name(),
        settings.path(PATH).orElseThrow(),
        settings.name(TABLE, NameTemplate.OF_VERSION),
        settings.orNone(SERVING_VIEW, NameTemplate.OF_GROUP),
        millis(settings),
        fromDriver(settings));
  }

  private static boolean fromDriver(StoreSettings settings) {
    String text = settings.text(WRITE_FROM).orElse("tasks");
    return switch (text) {
      case "driver" -> true;
      case "tasks" -> false;
      default -> throw settings.invalid(WRITE_FROM, text, "write tasks or driver");
    };
  }

  private static int millis(StoreSettings settings) {
    String text = settings.text(BUSY_TIMEOUT).orElse(Integer.toString(DEFAULT_BUSY_TIMEOUT_MILLIS));
    if (!text.matches("\\d{1,9}")) {
      throw settings.invalid(BUSY_TIMEOUT, text, "write a whole number of milliseconds, 0 or more");
    }
    return Integer.parseInt(text);
  }
}
