package io.fsmigrate.emulator.auth;

import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks AWS Signature Version 4 in the header Authorization, as AWS documents it. */
public final class SignatureVerifier {
  /** How far the time of a request may be from ours. */
  public static final Duration SKEW = Duration.ofMinutes(15);

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
  private static final int KEPT_KEYS = 1000;
  private static final HexFormat HEX = HexFormat.of();

  // Not state of the program: an algorithm that is slow to look up, one for each thread.
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(SignatureVerifier::digest);
  private static final ThreadLocal<Mac> HMAC = ThreadLocal.withInitial(SignatureVerifier::mac);

  private final Credentials credentials;
  private final Clock clock;
  private final Map<String, SecretKeySpec> signingKeys = new ConcurrentHashMap<>();

  /** Checks against these keys and this clock. */
  public SignatureVerifier(Credentials credentials, Clock clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * Accepts a request or says what is wrong with its signature.
   *
   * @return the scope it is signed for
   * @throws ServiceException MissingAuthenticationTokenException, IncompleteSignatureException,
   *     UnrecognizedClientException, ExpiredTokenException or InvalidSignatureException
   */
  public Scope verify(Request request) {
    Authorization given = Authorization.parse(request.headers().get("Authorization"), ALGORITHM);
    Scope scope = given.scope();
    String secret =
        credentials.secret(
            scope.accessKey(), Optional.ofNullable(request.headers().get("X-Amz-Security-Token")));
    String date = requireTime(request, scope);
    requireHostSigned(given.signedHeaders());
    String text = CanonicalRequest.of(request, given.signedHeaders(), requireBodyHash(request));
    String toSign = ALGORITHM + '\n' + date + '\n' + scope.path() + '\n' + hex(sha256(bytes(text)));
    String expected = hex(hmac(signingKey(secret, scope), toSign));
    if (!MessageDigest.isEqual(bytes(expected), bytes(given.signature()))) {
      throw invalid(
          "The request signature we calculated does not match the signature you provided.");
    }
    return scope;
  }

  private String requireTime(Request request, Scope scope) {
    String date = request.headers().get("X-Amz-Date");
    if (date == null) {
      throw incomplete("the header X-Amz-Date is missing");
    }
    Instant time;
    try {
      time = LocalDateTime.parse(date, AMZ_DATE).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw incomplete("X-Amz-Date is not a time like 20260101T000000Z: " + date);
    }
    if (!date.startsWith(scope.date())) {
      throw invalid(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date");
    }
    Instant now = clock.instant();
    if (Duration.between(time, now).abs().compareTo(SKEW) > 0) {
      throw invalid(
          time.isBefore(now)
              ? "Signature expired: " + time + " is earlier than " + now.minus(SKEW)
              : "Signature not yet current: " + time + " is later than " + now.plus(SKEW));
    }
    return date;
  }

  private static void requireHostSigned(List<String> signedHeaders) {
    if (!signedHeaders.contains("host")) {
      throw invalid("'Host' must be a signed header");
    }
  }

  private static String requireBodyHash(Request request) {
    String claimed = request.headers().get("X-Amz-Content-Sha256");
    if ("UNSIGNED-PAYLOAD".equals(claimed)) {
      return claimed;
    }
    String actual = hex(sha256(request.body()));
    if (claimed != null && !claimed.equals(actual)) {
      throw invalid("The header X-Amz-Content-Sha256 is not the hash of the body");
    }
    return actual;
  }

  private SecretKeySpec signingKey(String secret, Scope scope) {
    if (signingKeys.size() > KEPT_KEYS) {
      signingKeys.clear();
    }
    return signingKeys.computeIfAbsent(
        secret + '/' + scope.path(),
        any -> {
          byte[] key = hmac(key(bytes("AWS4" + secret)), scope.date());
          key = hmac(key(key), scope.region());
          key = hmac(key(key), scope.service());
          return key(hmac(key(key), "aws4_request"));
        });
  }

  private static ServiceException invalid(String message) {
    return new ServiceException(403, "InvalidSignatureException", message);
  }

  private static ServiceException incomplete(String reason) {
    return new ServiceException(
        403, "IncompleteSignatureException", "The signature is not complete: " + reason);
  }

  private static SecretKeySpec key(byte[] key) {
    return new SecretKeySpec(key, "HmacSHA256");
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    Mac mac = HMAC.get();
    try {
      mac.init(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The Java platform refuses a key", e);
    }
    return mac.doFinal(bytes(text));
  }

  private static byte[] sha256(byte[] bytes) {
    return SHA256.get().digest(bytes);
  }

  private static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The Java platform has no SHA-256", e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The Java platform has no HmacSHA256", e);
    }
  }

  /** Who signed, for which day, region and service. */
  public record Scope(String accessKey, String date, String region, String service) {
    String path() {
      return date + '/' + region + '/' + service + "/aws4_request";
    }
  }

  /** The parts of the header Authorization. */
  private record Authorization(Scope scope, List<String> signedHeaders, String signature) {
    static Authorization parse(String header, String algorithm) {
      if (header == null) {
        throw new ServiceException(
            403, "MissingAuthenticationTokenException", "Missing Authentication Token");
      }
      if (!header.startsWith(algorithm + " ")) {
        throw incomplete("only " + algorithm + " is understood");
      }
      String credential = null;
      String headers = null;
      String signature = null;
      for (String part : header.substring(algorithm.length()).split(",", -1)) {
        String trimmed = part.trim();
        if (trimmed.startsWith("Credential=")) {
          credential = trimmed.substring("Credential=".length());
        } else if (trimmed.startsWith("SignedHeaders=")) {
          headers = trimmed.substring("SignedHeaders=".length());
        } else if (trimmed.startsWith("Signature=")) {
          signature = trimmed.substring("Signature=".length());
        }
      }
      if (credential == null || headers == null || signature == null) {
        throw incomplete("Credential, SignedHeaders and Signature are required");
      }
      String[] parts = credential.split("/", -1);
      if (parts.length != 5 || !parts[4].equals("aws4_request")) {
        throw incomplete("the credential is not KEY/DATE/REGION/SERVICE/aws4_request");
      }
      return new Authorization(
          new Scope(parts[0], parts[1], parts[2], parts[3]),
          Arrays.asList(headers.split(";", -1)),
          signature);
    }
  }
}
