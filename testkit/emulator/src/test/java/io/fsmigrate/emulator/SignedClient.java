package io.fsmigrate.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.emulator.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A small client that signs by itself, so that nothing of the emulator's own signing is used. */
final class SignedClient {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI endpoint;
  private final EmulatorOptions.Key key;
  private final String token;

  SignedClient(URI endpoint, EmulatorOptions.Key key, String token) {
    this.endpoint = endpoint;
    this.key = key;
    this.token = token;
  }

  /** An answer; the status is 0 when the connection was cut. */
  record Answer(int status, String errorType, JsonNode body) {}

  /** Calls a JSON service. */
  Answer target(String target, Object body) {
    return call("POST", "/", Map.of("X-Amz-Target", target), body);
  }

  /** Calls the runtime; the path has no characters that need encoding. */
  Answer runtime(String method, String path, Object body) {
    return call(method, path, Map.of(), body);
  }

  private Answer call(String method, String path, Map<String, String> headers, Object body) {
    byte[] bytes = body == null ? new byte[0] : Json.bytes(body);
    String date = DATE.format(Instant.now());
    TreeMap<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(java.util.Locale.ROOT), value));
    signed.put("host", endpoint.getAuthority());
    signed.put("x-amz-date", date);
    if (token != null) {
      signed.put("x-amz-security-token", token);
    }
    int question = path.indexOf('?');
    StringBuilder canonical = new StringBuilder(method).append('\n');
    canonical.append(question < 0 ? path : path.substring(0, question)).append('\n');
    canonical.append(question < 0 ? "" : path.substring(question + 1)).append('\n');
    signed.forEach((name, value) -> canonical.append(name + ':' + value + '\n'));
    String names = String.join(";", signed.keySet());
    canonical.append('\n').append(names).append('\n').append(hash(bytes));
    String scope = date.substring(0, 8) + "/us-east-1/sagemaker/aws4_request";
    String text =
        "AWS4-HMAC-SHA256\n"
            + date
            + '\n'
            + scope
            + '\n'
            + hash(canonical.toString().getBytes(StandardCharsets.UTF_8));
    byte[] signing = ("AWS4" + key.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      signing = hmac(signing, part);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes))
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                    .formatted(
                        key.accessKey(),
                        scope,
                        names,
                        HexFormat.of().formatHex(hmac(signing, text))));
    signed.forEach(
        (name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    return send(request.build());
  }

  /** A request to the emulator itself. */
  Answer admin(String method, String path, Object body) {
    byte[] bytes =
        body == null
            ? new byte[0]
            : body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : Json.bytes(body);
    return send(
        HttpRequest.newBuilder(endpoint.resolve("/_emulator/" + path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build());
  }

  /** What the emulator itself answers, as text. */
  String adminText(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/_emulator/" + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("x-amzn-ErrorType").orElse(""),
          Json.read(response.body()));
    } catch (IOException e) {
      return new Answer(0, "", Json.object());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
