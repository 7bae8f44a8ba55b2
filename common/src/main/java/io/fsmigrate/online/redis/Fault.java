package io.fsmigrate.online.redis;

import java.util.Arrays;
import java.util.List;

/** What a server's refusal means, by the words that servers of all versions have in it. */
enum Fault {
  /** The connection failed, was closed or gave no reply in time. */
  AWAY,
  /** The server has no memory left and may not evict. Inside a script, the word comes later. */
  FULL("OOM command not allowed", "-OOM", "OOM "),
  /** The server has forgotten the script. */
  NO_SCRIPT("NOSCRIPT"),
  /** Another server of the cluster has the key, or each of several keys another. */
  MOVED("MOVED ", "CROSSSLOT"),
  /** Another server has the key, for this once. */
  ASK("ASK "),
  /** Not let in, or not allowed. */
  ACCESS(
      "NOAUTH",
      "WRONGPASS",
      "NOPERM",
      "invalid password",
      "without any password configured",
      "no password is set"),
  /** The key holds something that is no hash. */
  WRONG_TYPE("WRONGTYPE"),
  /** What is stored as event time is none; our own script says it. */
  NO_TIME("NOTIME"),
  /** A passing state of the server: it may take the same later. */
  BUSY(
      "LOADING",
      "BUSY",
      "READONLY",
      "MASTERDOWN",
      "CLUSTERDOWN",
      "TRYAGAIN",
      "NOREPLICAS",
      "MISCONF",
      "UNBLOCKED",
      "max number of clients"),
  /** Anything else. */
  OTHER;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> words;

  Fault(String... words) {
    this.words = List.of(words);
  }

  /** What that error reply means. */
  static Fault of(String reply) {
    return Arrays.stream(values())
        .filter(fault -> fault.words.stream().anyMatch(reply::contains))
        .findFirst()
        .orElse(OTHER);
  }
}
