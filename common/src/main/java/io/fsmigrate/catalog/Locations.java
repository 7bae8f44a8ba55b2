package io.fsmigrate.catalog;

import com.typesafe.config.ConfigOrigin;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes locations absolute. A URI with a scheme stays as it is. A relative path counts from the
 * directory of the configuration file that holds it, so that it means the same from everywhere; one
 * from {@code --set} counts from the working directory; a default, and a value that is an
 * environment variable, from the directory of the main configuration file, or the working directory
 * where there is none.
 */
final class Locations {
  // Two letters or more, so that C:\ is a path.
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private final Optional<Path> file;

  Locations(Optional<Path> file) {
    this.file = file;
  }

  String resolve(String location, ConfigOrigin origin) {
    return SCHEME.matcher(location).matches()
        ? location
        : base(origin).resolve(location).toAbsolutePath().normalize().toString();
  }

  private Path base(ConfigOrigin origin) {
    Path here = Path.of("").toAbsolutePath();
    if (origin.filename() != null) {
      return directory(Path.of(origin.filename()));
    }
    if (origin.description().startsWith(ConfigSource.SET)) {
      return here;
    }
    return file.map(Locations::directory).orElse(here);
  }

  private static Path directory(Path file) {
    return file.toAbsolutePath().getParent();
  }
}
