package io.fsmigrate.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;

/**
 * Sends one prepared request again and again through the HTTP client that ours uses, too: what is
 * left of it when nothing is encoded, signed, counted or held back.
 */
final class PreparedCalls implements AutoCloseable {
  private final SdkAsyncHttpClient http;
  private final SdkHttpRequest request;
  private final byte[] body;
  private final int inFlight;

  PreparedCalls(URI endpoint, SdkHttpMethod method, String path, String body, int inFlight) {
    this.http = AwsCrtAsyncHttpClient.builder().maxConcurrency(inFlight).build();
    // The headers are as many and as long as those of a signed call.
    this.request =
        SdkHttpFullRequest.builder()
            .method(method)
            .uri(endpoint)
            .encodedPath(path)
            .putHeader("Host", endpoint.getAuthority())
            .putHeader("Content-Type", "application/json")
            .putHeader("X-Amz-Date", "20010630T235900Z")
            .putHeader("x-amz-content-sha256", "0".repeat(64))
            .putHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=emulator-access-key/20010630/us-east-1/sagemaker/aws4_request,"
                    + " SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature="
                    + "0".repeat(64))
            .build();
    this.body = body.getBytes(StandardCharsets.UTF_8);
    this.inFlight = inFlight;
  }

  /** Makes so many calls, each of which must succeed. */
  void run(int calls) throws InterruptedException {
    Semaphore places = new Semaphore(inFlight);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int i = 0; i < calls; i++) {
      places.acquire();
      http.execute(
              AsyncExecuteRequest.builder()
                  .request(request)
                  .requestContentPublisher(new Body(body))
                  .responseHandler(new Ignored(failure))
                  .fullDuplex(false)
                  .build())
          .whenComplete(
              (done, thrown) -> {
                if (thrown != null) {
                  failure.set(thrown);
                }
                places.release();
              });
    }
    places.acquire(inFlight);
    if (failure.get() != null) {
      throw new IllegalStateException("A prepared call failed", failure.get());
    }
  }

  @Override
  public void close() {
    http.close();
  }

  /** The same bytes for every call. */
  private record Body(byte[] bytes) implements SdkHttpContentPublisher {
    @Override
    public Optional<Long> contentLength() {
      return Optional.of((long) bytes.length);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Subscription() {
            private boolean sent;

            @Override
            public void request(long n) {
              if (!sent) {
                sent = true;
                subscriber.onNext(ByteBuffer.wrap(bytes));
                subscriber.onComplete();
              }
            }

            @Override
            public void cancel() {
              sent = true;
            }
          });
    }
  }

  /** Takes replies and looks at nothing but their status. */
  private record Ignored(AtomicReference<Throwable> failure)
      implements SdkAsyncHttpResponseHandler {
    @Override
    public void onHeaders(SdkHttpResponse headers) {
      if (!headers.isSuccessful()) {
        failure.set(new IllegalStateException("HTTP status " + headers.statusCode()));
      }
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      stream.subscribe(
          new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
              subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {}

            @Override
            public void onError(Throwable thrown) {
              failure.set(thrown);
            }

            @Override
            public void onComplete() {}
          });
    }

    @Override
    public void onError(Throwable thrown) {
      failure.set(thrown);
    }
  }
}
