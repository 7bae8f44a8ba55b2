package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpMethod;

/** PutRecord: one whole record a call. */
final class PutRecordCall implements RecordWrite {
  private static final byte[] BEGIN = "{\"Record\":".getBytes(StandardCharsets.US_ASCII);

  private final GroupCalls calls;
  private final String path;
  private final byte[] options;

  PutRecordCall(GroupCalls calls) {
    this.calls = calls;
    this.path = calls.path("");
    this.options = calls.writeOptions();
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public CompletableFuture<List<Answer<Void>>> send(List<PendingRecord> entries) {
    byte[] json = entries.get(0).encoded().json();
    byte[] body = new byte[BEGIN.length + json.length + options.length + 1];
    System.arraycopy(BEGIN, 0, body, 0, BEGIN.length);
    System.arraycopy(json, 0, body, BEGIN.length, json.length);
    System.arraycopy(options, 0, body, BEGIN.length + json.length, options.length);
    body[body.length - 1] = '}';
    return GroupCalls.single(calls.calls().call(SdkHttpMethod.PUT, path, body), reply -> null);
  }
}
