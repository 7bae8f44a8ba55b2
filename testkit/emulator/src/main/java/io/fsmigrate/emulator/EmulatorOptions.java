package io.fsmigrate.emulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an emulator is set up.
 *
 * @param port of the services, 0 for any free one
 * @param s3Port of S3, 0 for any free one
 * @param directory where S3 keeps its objects; a temporary one that is deleted at the end if absent
 * @param region of all services
 * @param account number of the account
 * @param keys lasting keys
 * @param sessions temporary keys
 * @param buckets that are there from the start
 * @param createAfter how long feature groups are Creating, and changes in progress
 * @param deleteAfter how long feature groups are Deleting
 * @param flushEvery how long rows for offline stores are held
 */
public record EmulatorOptions(
    int port,
    int s3Port,
    Optional<Path> directory,
    String region,
    String account,
    List<Key> keys,
    List<Session> sessions,
    List<String> buckets,
    Duration createAfter,
    Duration deleteAfter,
    Duration flushEvery) {

  /** A lasting key. */
  public record Key(String accessKey, String secretKey) {}

  /**
   * A temporary key.
   *
   * @param expiresInSeconds from the start of the emulator
   */
  public record Session(
      String accessKey, String secretKey, String sessionToken, long expiresInSeconds) {}

  /** The key that is there unless others are given. */
  public static final Key DEFAULT_KEY = new Key("emulator-access-key", "emulator-secret-key");

  /** Options that are kept as they are now. */
  public EmulatorOptions {
    keys = List.copyOf(keys);
    sessions = List.copyOf(sessions);
    buckets = List.copyOf(buckets);
  }

  /** Free ports, a temporary directory, us-east-1, {@link #DEFAULT_KEY}. */
  public static EmulatorOptions defaults() {
    return new EmulatorOptions(
        0,
        0,
        Optional.empty(),
        "us-east-1",
        "123456789012",
        List.of(DEFAULT_KEY),
        List.of(),
        List.of(),
        Duration.ofMillis(200),
        Duration.ofMillis(200),
        Duration.ofSeconds(5));
  }

  /** The same with other ports. */
  public EmulatorOptions withPorts(int services, int s3) {
    return new EmulatorOptions(
        services,
        s3,
        directory,
        region,
        account,
        keys,
        sessions,
        buckets,
        createAfter,
        deleteAfter,
        flushEvery);
  }

  /** The same with a directory for S3's objects. */
  public EmulatorOptions withDirectory(Path lasting) {
    return new EmulatorOptions(
        port,
        s3Port,
        Optional.of(lasting),
        region,
        account,
        keys,
        sessions,
        buckets,
        createAfter,
        deleteAfter,
        flushEvery);
  }

  /** The same with one more temporary key. */
  public EmulatorOptions withSession(Session session) {
    List<Session> more = new ArrayList<>(sessions);
    more.add(session);
    return new EmulatorOptions(
        port,
        s3Port,
        directory,
        region,
        account,
        keys,
        more,
        buckets,
        createAfter,
        deleteAfter,
        flushEvery);
  }

  /** The same with other delays. */
  public EmulatorOptions withDelays(Duration create, Duration delete, Duration flush) {
    return new EmulatorOptions(
        port, s3Port, directory, region, account, keys, sessions, buckets, create, delete, flush);
  }

  /** The same with more buckets. */
  public EmulatorOptions withBuckets(List<String> names) {
    return new EmulatorOptions(
        port,
        s3Port,
        directory,
        region,
        account,
        keys,
        sessions,
        names,
        createAfter,
        deleteAfter,
        flushEvery);
  }
}
