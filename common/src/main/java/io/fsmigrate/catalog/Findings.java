package io.fsmigrate.catalog;

import com.typesafe.config.ConfigOrigin;
import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects everything that is wrong with a configuration, so that one look shows it. */
final class Findings {
  private static final int SHOWN = 3;

  /**
   * @param code stable name of the kind of finding
   * @param text where, what, and what to do
   */
  private record Finding(String code, String text) {}

  private final Optional<Path> file;
  private final List<Finding> found = new ArrayList<>();

  /**
   * @param file the configuration file as its user wrote it
   */
  Findings(Optional<Path> file) {
    this.file = file;
  }

  void add(String code, ConfigOrigin origin, String path, String message) {
    found.add(new Finding(code, where(origin) + path + ": " + message));
  }

  /** Keeps what a constructor of the model refused, with the place that said it. */
  void add(ConfigOrigin origin, String path, FsMigrateException refused) {
    add(refused.code(), origin, path, refused.getMessage().replace("\n", "; "));
  }

  void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    String code = found.get(0).code();
    boolean same = found.stream().allMatch(f -> f.code().equals(code));
    String text =
        String.join("\n", found.stream().limit(SHOWN).map(Finding::text).toList())
            + (found.size() > SHOWN ? " (and " + (found.size() - SHOWN) + " more)" : "");
    throw CatalogErrors.findings(same ? code : "INVALID_CONFIGURATION", text);
  }

  private String where(ConfigOrigin origin) {
    String place = origin.filename() == null ? origin.description() : shown(origin.filename());
    if (origin.filename() == null) {
      // The description of a text source ends in the line already.
      return place.replaceFirst(": (\\d+)$", ":$1") + ": ";
    }
    return place + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "") + ": ";
  }

  private String shown(String filename) {
    return file.filter(f -> f.toAbsolutePath().normalize().equals(Path.of(filename).normalize()))
        .map(Path::toString)
        .orElse(filename);
  }
}
