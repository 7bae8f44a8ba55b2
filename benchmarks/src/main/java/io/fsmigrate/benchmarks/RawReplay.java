package io.fsmigrate.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends one prepared request again and again: what no client that makes requests can surpass. */
final class RawReplay {
  private final URI endpoint;
  private final byte[] request;
  private final int replyBytes;

  /**
   * @param replyBody of the server, whose length tells where a reply ends
   */
  RawReplay(URI endpoint, String method, String path, String body, String replyBody) {
    this.endpoint = endpoint;
    // The headers are as many and as long as those of a signed call.
    this.request =
        ("%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                + "X-Amz-Date: 20010630T235900Z\r\nx-amz-content-sha256: %s\r\n"
                + "Authorization: AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=%s\r\n"
                + "Content-Length: %d\r\n\r\n%s")
            .formatted(
                method,
                path,
                endpoint.getAuthority(),
                "0".repeat(64),
                "emulator-access-key/20010630/us-east-1/sagemaker/aws4_request",
                "0".repeat(64),
                body.length(),
                body)
            .getBytes(StandardCharsets.US_ASCII);
    this.replyBytes =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(replyBody.length(), replyBody)
            .length();
  }

  /** Makes so many calls over so many connections. */
  void run(int calls, int connections) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        all.add(
            threads.submit(
                () -> {
                  replay(calls / connections);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void replay(int calls) throws IOException {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      socket.setTcpNoDelay(true);
      for (int i = 0; i < calls; i++) {
        out.write(request);
        in.skipNBytes(replyBytes);
      }
    }
  }
}
