package io.fsmigrate.online.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A password that never prints. One in a file is read whenever a connection is opened, so that it
 * can be renewed while a run goes on.
 */
final class Password {
  private static final String MASK = "***";

  private final String text;
  private final Path file;

  private Password(String text, Path file) {
    this.text = text;
    this.file = file;
  }

  static Password of(String text) {
    return new Password(text, null);
  }

  static Password in(Path file) {
    return new Password(null, file);
  }

  /** The password as it is now; the end of a line at its end is the file's and not its own. */
  String read() throws IOException {
    return file == null ? text : Files.readString(file).replaceFirst("\\R\\z", "");
  }

  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** What somebody else says, without the password in it. */
  String hideIn(String message) {
    String secret;
    try {
      secret = read();
    } catch (IOException e) {
      return message;
    }
    return secret.isEmpty() ? message : message.replace(secret, MASK);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Password that
        && Objects.equals(text, that.text)
        && Objects.equals(file, that.file);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, file);
  }

  @Override
  public String toString() {
    return file == null ? MASK : "the content of " + file;
  }
}
