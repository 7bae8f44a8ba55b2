package io.fsmigrate.branch;

import io.fsmigrate.state.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a branch showed from a moment on, and how it came to that.
 *
 * @param id the SHA-256 of everything else in canonical form, in hex
 * @param parents the commits it follows: none for the first, two for a merge
 * @param at when, in milliseconds
 * @param properties what the writer wants to be found with it, such as the run
 * @param tables the whole manifest: feature group to what is shown for it
 */
public record BranchCommit(
    String id,
    List<String> parents,
    String author,
    Instant at,
    String message,
    Map<String, String> properties,
    Map<String, TablePointer> tables) {
  public BranchCommit {
    parents = List.copyOf(parents);
    properties = sorted(properties);
    tables = sorted(tables);
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /** The commit with its id worked out. */
  static BranchCommit of(
      Json json,
      List<String> parents,
      String author,
      Instant at,
      String message,
      Map<String, String> properties,
      Map<String, TablePointer> tables) {
    Instant moment = at.truncatedTo(ChronoUnit.MILLIS);
    BranchCommit nameless =
        new BranchCommit("", parents, author, moment, message, properties, tables);
    String id = sha256(json.compact(nameless));
    return new BranchCommit(id, parents, author, moment, message, properties, tables);
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
