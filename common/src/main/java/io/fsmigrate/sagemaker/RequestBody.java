package io.fsmigrate.sagemaker;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/** A body that is there as a whole. */
final class RequestBody implements SdkHttpContentPublisher {
  private final byte[] bytes;

  RequestBody(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public Optional<Long> contentLength() {
    return Optional.of((long) bytes.length);
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    AtomicBoolean ended = new AtomicBoolean();
    subscriber.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {
            if (ended.compareAndSet(false, true)) {
              if (bytes.length > 0) {
                subscriber.onNext(ByteBuffer.wrap(bytes));
              }
              subscriber.onComplete();
            }
          }

          @Override
          public void cancel() {
            ended.set(true);
          }
        });
  }
}
