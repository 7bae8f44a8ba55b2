package io.fsmigrate.online;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A password that never prints. One in a file is read whenever a connection is opened, on the
 * machine that opens it, so that it can be renewed while a run goes on.
 */
public final class Password {
  private static final String MASK = "***";

  private final String text;
  private final Path file;

  private Password(String text, Path file) {
    this.text = text;
    this.file = file;
  }

  /** The password itself. */
  public static Password of(String text) {
    return new Password(text, null);
  }

  /** The file that has it. */
  public static Password in(Path file) {
    return new Password(null, file);
  }

  /**
   * The password as it is now; the end of a line at its end is the file's and not its own.
   *
   * @throws IOException where the file cannot be read
   */
  public String read() throws IOException {
    return file == null ? text : Files.readString(file).replaceFirst("\\R\\z", "");
  }

  /** Where it is kept; empty where it was given as it is. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** What somebody else says, without the password in it. */
  public String hideIn(String message) {
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
