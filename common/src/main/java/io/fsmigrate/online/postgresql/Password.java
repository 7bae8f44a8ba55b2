package io.fsmigrate.online.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A password, or the file that has it; never part of what is printed. */
final class Password {
  private final Optional<String> text;
  private final Optional<Path> file;

  private Password(Optional<String> text, Optional<Path> file) {
    this.text = text;
    this.file = file;
  }

  static Password none() {
    return new Password(Optional.empty(), Optional.empty());
  }

  static Password of(String text) {
    return new Password(Optional.of(text), Optional.empty());
  }

  /** Read at every connection, on the machine that connects, so that it may change. */
  static Password in(Path file) {
    return new Password(Optional.empty(), Optional.of(file));
  }

  /**
   * The password; empty where there is none.
   *
   * @throws io.fsmigrate.error.FsMigrateException POSTGRES_PASSWORD_UNREADABLE
   */
  Optional<String> read(String store) {
    if (file.isEmpty()) {
      return text;
    }
    try {
      return Optional.of(Files.readString(file.get(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw PostgresErrors.passwordUnreadable(store, file.get(), e);
    }
  }

  @Override
  public String toString() {
    return text.isPresent() ? "***" : file.map(Path::toString).orElse("none");
  }
}
