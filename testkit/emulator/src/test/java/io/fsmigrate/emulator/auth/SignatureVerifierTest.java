package io.fsmigrate.emulator.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Request;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Against the example signatures that AWS publishes for implementers. */
class SignatureVerifierTest {
  private static final String KEY = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final String VANILLA =
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
  private static final String QUERY_ORDER =
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";

  private final Credentials credentials = new Credentials(Clock.systemUTC());

  private SignatureVerifier at(Instant now) {
    return new SignatureVerifier(credentials, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static Request get(String query, String signature) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("Host", "example.amazonaws.com");
    headers.set("X-Amz-Date", "20150830T123600Z");
    headers.set(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + KEY
            + "/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature="
            + signature);
    return new Request("GET", "/", query, headers, new byte[0], "test");
  }

  private static String code(Runnable action) {
    try {
      action.run();
      return "accepted";
    } catch (ServiceException e) {
      return e.code();
    }
  }

  @Test
  void acceptsPublishedSignatures() {
    credentials.add(KEY, SECRET);
    assertThat(at(TIME).verify(get("", VANILLA)).service()).isEqualTo("service");
    assertThat(at(TIME).verify(get("Param2=value2&Param1=value1", QUERY_ORDER)).region())
        .isEqualTo("us-east-1");
  }

  @Test
  void refusesAnythingElse() {
    credentials.add(KEY, SECRET);
    assertThat(code(() -> at(TIME).verify(get("a=b", VANILLA))))
        .isEqualTo("InvalidSignatureException");
    assertThat(code(() -> at(TIME.plus(Duration.ofMinutes(16))).verify(get("", VANILLA))))
        .isEqualTo("InvalidSignatureException");
    assertThat(code(() -> at(TIME.plus(Duration.ofMinutes(14))).verify(get("", VANILLA))))
        .isEqualTo("accepted");
    Request tampered =
        new Request("POST", "/", "", get("", VANILLA).headers(), new byte[] {1}, "test");
    assertThat(code(() -> at(TIME).verify(tampered))).isEqualTo("InvalidSignatureException");
    Request unsigned = new Request("GET", "/", "", new DefaultHttpHeaders(), new byte[0], "test");
    assertThat(code(() -> at(TIME).verify(unsigned)))
        .isEqualTo("MissingAuthenticationTokenException");
  }

  @Test
  void knowsKeysAndTokens() {
    assertThat(code(() -> at(TIME).verify(get("", VANILLA))))
        .isEqualTo("UnrecognizedClientException");
    credentials.addSession(KEY, SECRET, "token", 0);
    Request request = get("", VANILLA);
    assertThat(code(() -> at(TIME).verify(request))).isEqualTo("UnrecognizedClientException");
    request.headers().set("X-Amz-Security-Token", "token");
    assertThat(code(() -> at(TIME).verify(request))).isEqualTo("ExpiredTokenException");
    credentials.addSession(KEY, SECRET, "token", 60);
    assertThat(code(() -> at(TIME).verify(request))).isEqualTo("accepted");
  }

  @Test
  void encodesPathsTwice() {
    StringBuilder path = new StringBuilder();
    CanonicalRequest.encode(path, "/FeatureGroup/arn%3Aaws%3Ax%2Fü~", true);
    assertThat(path.toString()).isEqualTo("/FeatureGroup/arn%253Aaws%253Ax%252F%C3%BC~");
    assertThatThrownBy(() -> at(TIME).verify(get("", "x"))).isInstanceOf(ServiceException.class);
  }
}
