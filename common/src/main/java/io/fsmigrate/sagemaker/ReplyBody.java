package io.fsmigrate.sagemaker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** Collects one reply. */
final class ReplyBody implements SdkAsyncHttpResponseHandler {
  private final CompletableFuture<Reply> future = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private volatile SdkHttpResponse response;

  /** What the service answered. */
  record Reply(SdkHttpResponse response, byte[] body) {}

  CompletableFuture<Reply> future() {
    return future;
  }

  /** The exchange is over; what was not answered by now never will be. */
  void ended(Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
    }
  }

  @Override
  public void onHeaders(SdkHttpResponse headers) {
    response = headers;
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
          public void onNext(ByteBuffer part) {
            byte[] chunk = new byte[part.remaining()];
            part.get(chunk);
            bytes.writeBytes(chunk);
          }

          @Override
          public void onError(Throwable failure) {
            future.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            future.complete(new Reply(response, bytes.toByteArray()));
          }
        });
  }

  @Override
  public void onError(Throwable failure) {
    future.completeExceptionally(failure);
  }
}
