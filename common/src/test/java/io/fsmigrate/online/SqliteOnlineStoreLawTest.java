package io.fsmigrate.online;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

class SqliteOnlineStoreLawTest extends OnlineStoreLaw {
  private Path directory;

  @BeforeTry
  void createDirectory() throws IOException {
    directory = Files.createTempDirectory("fs-migrate-law");
  }

  @AfterTry
  void removeDirectory() throws IOException {
    try (var files = Files.list(directory)) {
      files.forEach(SqliteOnlineStoreLawTest::delete);
    }
    Files.delete(directory);
  }

  @Override
  OnlineStore store() {
    return OnlineStores.of(
        new OnlineStoreDefinition(
            "local", "sqlite", Map.of("path", directory.resolve("online.db").toString())));
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
