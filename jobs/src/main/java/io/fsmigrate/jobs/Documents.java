package io.fsmigrate.jobs;

import io.fsmigrate.state.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plans and reports as files of their own. */
final class Documents {
  private Documents() {}

  static void write(Path file, Record document) {
    writeText(file, new Json().pretty(document) + "\n");
  }

  static void writeText(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw JobsErrors.cannotWrite(file, e);
    }
  }

  /** Makes sure that a file can be written later, and leaves things as they are. */
  static void requireWritable(Path file) {
    try {
      boolean there = Files.exists(file);
      Files.newByteChannel(
              file,
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND)
          .close();
      if (!there) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw JobsErrors.cannotWrite(file, e);
    }
  }

  static <T extends Record> T read(Path file, Class<T> type) {
    try {
      return new Json().read(file.toString(), Files.readString(file), type);
    } catch (IOException e) {
      throw JobsErrors.cannotRead(file, e);
    }
  }
}
