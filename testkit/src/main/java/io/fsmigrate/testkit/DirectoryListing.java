package io.fsmigrate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Everything below a path at one moment, with a checksum of every file: what proves that a command
 * wrote nothing.
 *
 * <p>Two listings are equal when they hold the same paths with the same content; times and
 * permissions are no part of it. A path that does not exist lists as empty, a single file as
 * itself.
 *
 * @param entries relative path to what is there: {@code directory}, {@code link to …}, or {@code N
 *     bytes, sha-256 …}
 */
public record DirectoryListing(SortedMap<String, String> entries) {

  /** Makes the entries unmodifiable. */
  public DirectoryListing {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** Lists what is there now; reads every file. */
  public static DirectoryListing of(Path root) throws IOException {
    SortedMap<String, String> entries = new TreeMap<>();
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.toList()) {
          entries.put(path.equals(root) ? "." : root.relativize(path).toString(), content(path));
        }
      }
    }
    return new DirectoryListing(entries);
  }

  /**
   * One line for every path that came ({@code +}), went ({@code -}) or changed ({@code *}) since
   * the other listing; none if both are equal.
   */
  public List<String> differencesFrom(DirectoryListing before) {
    List<String> lines = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(before.entries.keySet());
    paths.addAll(entries.keySet());
    for (String path : paths) {
      String was = before.entries.get(path);
      String is = entries.get(path);
      if (was == null) {
        lines.add("+ %s: %s".formatted(path, is));
      } else if (is == null) {
        lines.add("- %s: %s".formatted(path, was));
      } else if (!was.equals(is)) {
        lines.add("* %s: was %s, is %s".formatted(path, was, is));
      }
    }
    return lines;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    entries.forEach((path, content) -> text.append("%s: %s%n".formatted(path, content)));
    return text.toString();
  }

  private static String content(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    if (Files.isDirectory(path)) {
      return "directory";
    }
    MessageDigest digest = sha256();
    long bytes;
    try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
      bytes = in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return "%d bytes, sha-256 %s".formatted(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
