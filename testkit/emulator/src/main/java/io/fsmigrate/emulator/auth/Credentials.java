package io.fsmigrate.emulator.auth;

import io.fsmigrate.emulator.ServiceException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that may sign: lasting ones, and temporary ones that come with a session token. */
public final class Credentials {
  private final Map<String, Key> keys = new ConcurrentHashMap<>();
  private final Clock clock;

  /** No keys yet. */
  public Credentials(Clock clock) {
    this.clock = clock;
  }

  private record Key(String secret, Optional<String> token, long expiresAtMillis) {}

  /** Adds a lasting key. */
  public void add(String accessKey, String secretKey) {
    keys.put(accessKey, new Key(secretKey, Optional.empty(), Long.MAX_VALUE));
  }

  /**
   * Adds or renews a temporary key.
   *
   * @param expiresInSeconds from now; at or below zero it is expired already
   */
  public void addSession(
      String accessKey, String secretKey, String sessionToken, long expiresInSeconds) {
    long expiry = clock.millis() + Math.multiplyExact(expiresInSeconds, 1000L);
    keys.put(accessKey, new Key(secretKey, Optional.of(sessionToken), expiry));
  }

  /**
   * The secret that belongs to an access key and token.
   *
   * @throws ServiceException UnrecognizedClientException when the two are not known, or
   *     ExpiredTokenException
   */
  String secret(String accessKey, Optional<String> sessionToken) {
    Key key = keys.get(accessKey);
    if (key == null || !key.token().equals(sessionToken)) {
      throw new ServiceException(
          403,
          "UnrecognizedClientException",
          "The security token included in the request is invalid.");
    }
    if (clock.millis() >= key.expiresAtMillis()) {
      throw expired();
    }
    return key.secret();
  }

  /** The secret of an access key that is known and has not expired, whatever its token. */
  public Optional<String> secret(String accessKey) {
    return Optional.ofNullable(accessKey)
        .map(keys::get)
        .filter(key -> clock.millis() < key.expiresAtMillis())
        .map(Key::secret);
  }

  /** The error of a temporary key whose time is over. */
  public static ServiceException expired() {
    return new ServiceException(
        403, "ExpiredTokenException", "The security token included in the request is expired");
  }
}
