package io.fsmigrate.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A real redis-server in a process of its own, on a free port of this machine, which keeps nothing
 * on disk. It ends with this JVM at the latest.
 */
public final class RedisProcess implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int CALL_MILLIS = 30_000;

  private final RedisServer server;
  private final int port;

  private RedisProcess(RedisServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param settings lines of its configuration
   */
  public static RedisProcess start(String... settings) {
    RedisProcess process = stopped(settings);
    process.run();
    return process;
  }

  /** One that {@link #run} starts, on a port that is free now. */
  public static RedisProcess stopped(String... settings) {
    try {
      int port = freePort();
      Path directory = Files.createTempDirectory("fs-migrate-redis");
      directory.toFile().deleteOnExit();
      RedisServerBuilder builder =
          RedisServer.newRedisServer()
              .port(port)
              .setting("save \"\"")
              .setting("appendonly no")
              .setting("dir " + directory);
      for (String setting : settings) {
        builder.setting(setting.replace("{port}", Integer.toString(port)));
      }
      return new RedisProcess(builder.build(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts that many servers that are one cluster, whose slots they share evenly. */
  public static List<RedisProcess> cluster(int servers) {
    List<RedisProcess> cluster = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      cluster.add(start("cluster-enabled yes", "cluster-config-file nodes-{port}.conf"));
    }
    for (int i = 0; i < servers; i++) {
      RedisProcess one = cluster.get(i);
      List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = i; slot < SLOTS; slot += servers) {
        slots.add(Integer.toString(slot));
      }
      one.call(slots.toArray(String[]::new));
      one.call("CLUSTER", "MEET", "127.0.0.1", Integer.toString(cluster.get(0).port));
    }
    for (RedisProcess one : cluster) {
      for (int i = 0; !isWhole(one, servers); i++) {
        if (i == 300) {
          throw new IllegalStateException(
              "The cluster is not whole: " + one.call("CLUSTER", "INFO"));
        }
        pause();
      }
    }
    return cluster;
  }

  private static boolean isWhole(RedisProcess one, int servers) {
    String info = String.valueOf(one.call("CLUSTER", "INFO"));
    return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + servers);
  }

  /** Starts it where it does not run, always empty and on the same port. */
  public void run() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process; nothing of its content is left. */
  public void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Host and port, as in a configuration. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /**
   * Runs one command as somebody else would.
   *
   * @return text (ISO-8859-1, so that bytes are kept), Long, List of such, or null
   * @throws IllegalStateException with the server's words where it refuses
   */
  public Object call(String... words) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(CALL_MILLIS);
      ByteArrayOutputStream command = new ByteArrayOutputStream();
      command.writeBytes(latin("*%d\r\n".formatted(words.length)));
      for (String word : words) {
        command.writeBytes(latin("$%d\r\n%s\r\n".formatted(word.length(), word)));
      }
      socket.getOutputStream().write(command.toByteArray());
      return reply(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object reply(InputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+' -> {
        return rest;
      }
      case '-' -> throw new IllegalStateException(rest);
      case ':' -> {
        return Long.valueOf(rest);
      }
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return null;
        }
        String text = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        line(in);
        return text;
      }
      default -> {
        List<Object> parts = new ArrayList<>();
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          parts.add(reply(in));
        }
        return parts;
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
      next = in.read();
    }
    if (line.isEmpty() && next < 0) {
      throw new IOException("The server has closed the connection");
    }
    return line.toString();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int freePort() throws IOException {
    // The bus of a cluster has its port 10,000 above, which must be one as well.
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() <= 55_000) {
          return socket.getLocalPort();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
