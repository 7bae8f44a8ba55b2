package io.fsmigrate.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Answers every request with the same text and looks at nothing but its length: the least that a
 * server can do. The control plane's requests have an answer of their own.
 */
final class FixedReplyServer implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket socket;
  private final byte[] reply;
  private final byte[] controlPlaneReply;

  FixedReplyServer(String reply, String controlPlaneReply) throws IOException {
    this.socket = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    this.reply = http(reply);
    this.controlPlaneReply = http(controlPlaneReply);
    start(this::accept);
  }

  private static byte[] http(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "fixed-replies");
    thread.setDaemon(true);
    thread.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connection.setTcpNoDelay(true);
        start(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream(), BUFFER);
        OutputStream out = connection.getOutputStream()) {
      for (String first = line(in); !first.isEmpty(); first = line(in)) {
        long body = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
            body = Long.parseLong(header.substring("content-length:".length()).trim());
          }
        }
        in.skipNBytes(body);
        out.write(first.startsWith("POST / ") ? controlPlaneReply : reply);
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(128);
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
