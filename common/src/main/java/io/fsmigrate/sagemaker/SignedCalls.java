package io.fsmigrate.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Calls of the Feature Store runtime as REST operations, signed and sent without waiting. The typed
 * client of this SDK version lacks some of them; one way for all keeps their errors alike.
 *
 * <p>Each call is made once. Safe for many threads.
 */
public final class SignedCalls {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVICE = "sagemaker";
  private static final String ERROR_TYPE = "x-amzn-ErrorType";

  private final AwsCredentialsProvider credentials;
  private final URI endpoint;
  private final String region;
  private final SdkAsyncHttpClient http;
  private final Duration timeout;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * @param http closed by the caller
   * @param timeout after which a call without a reply counts as failed
   */
  public SignedCalls(AwsClients clients, SdkAsyncHttpClient http, Duration timeout) {
    this.credentials = clients.credentials();
    this.endpoint = clients.runtimeEndpoint();
    this.region = clients.region().id();
    this.http = http;
    this.timeout = timeout;
  }

  /** A call with a JSON body. */
  public CompletableFuture<byte[]> call(SdkHttpMethod method, String path, byte[] body) {
    return call(method, path, Map.of(), body);
  }

  /**
   * Makes a call.
   *
   * @param path with its parts encoded, from {@code /} on
   * @param body JSON, or nothing
   * @return the reply's body, or a {@link ServiceFault} by itself, without one around it
   */
  public CompletableFuture<byte[]> call(
      SdkHttpMethod method, String path, Map<String, List<String>> query, byte[] body) {
    ReplyBody reply = new ReplyBody();
    try {
      SdkHttpRequest signed = sign(method, path, query, body);
      http.execute(
              AsyncExecuteRequest.builder()
                  .request(signed)
                  .requestContentPublisher(new RequestBody(body))
                  .responseHandler(reply)
                  .fullDuplex(false)
                  .build())
          .whenComplete((done, failure) -> reply.ended(failure));
    } catch (SdkClientException e) {
      // The SDK found no credentials to sign with.
      reply.ended(ServiceFault.of(0, "MissingAuthenticationToken", String.valueOf(e.getMessage())));
    }
    return reply
        .future()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(SignedCalls::bodyOrFault)
        .thenCompose(result -> result);
  }

  /** The name of a feature group as a part of a path. */
  public static String groupPath(String group) {
    return "/FeatureGroup/" + SdkHttpUtils.urlEncode(group);
  }

  private SdkHttpRequest sign(
      SdkHttpMethod method, String path, Map<String, List<String>> query, byte[] body) {
    AwsCredentials identity = credentials.resolveCredentials();
    SdkHttpFullRequest request =
        SdkHttpFullRequest.builder()
            .method(method)
            .uri(endpoint)
            .encodedPath(path)
            .rawQueryParameters(query)
            .putHeader("Content-Type", "application/json")
            .build();
    return signer
        .sign(
            r ->
                r.identity(identity)
                    .request(request)
                    .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region))
        .request();
  }

  private static CompletableFuture<byte[]> bodyOrFault(ReplyBody.Reply reply, Throwable failure) {
    if (failure != null) {
      return CompletableFuture.failedFuture(fault(failure));
    }
    return reply.response().isSuccessful()
        ? CompletableFuture.completedFuture(reply.body())
        : CompletableFuture.failedFuture(fault(reply));
  }

  private static ServiceFault fault(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ServiceFault fault) {
      return fault;
    }
    return ServiceFault.noReply(
        cause instanceof TimeoutException ? new TimeoutException("no reply in time") : cause);
  }

  private static ServiceFault fault(ReplyBody.Reply reply) {
    int status = reply.response().statusCode();
    JsonNode json = JSON.missingNode();
    try {
      json = JSON.readTree(reply.body());
    } catch (IOException e) {
      // Something between us and the service may answer in another language.
    }
    String code =
        reply
            .response()
            .firstMatchingHeader(ERROR_TYPE)
            .orElse(json.path("__type").asText(json.path("code").asText()));
    String message = json.path("message").asText(json.path("Message").asText());
    return ServiceFault.of(
        status, bareCode(code), message.isEmpty() ? "HTTP status " + status : message);
  }

  /** Without the name space before it and the address behind it. */
  private static String bareCode(String code) {
    String bare = code.substring(code.indexOf('#') + 1);
    int colon = bare.indexOf(':');
    return colon < 0 ? bare : bare.substring(0, colon);
  }
}
