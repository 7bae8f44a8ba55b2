package io.fsmigrate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A TCP port that passes everything on to a server on this machine, until it is told not to: the
 * server is away then for whoever comes by this port, and keeps what it has.
 */
public final class Relay implements AutoCloseable {
  /** Below the ports that are given to outgoing connections, so that nobody takes it meanwhile. */
  private static final int FIRST_PORT = 15_000;

  private static final int PORTS = 15_000;
  private static final int ATTEMPTS = 100;
  private static final int BUFFER_BYTES = 8192;
  private static final int PARCELS = 4096;

  private final URI server;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean passing = true;
  private volatile long delayNanos;
  private ServerSocket listener;

  private Relay(URI server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
    this.port = listener.getLocalPort();
    accept(listener);
  }

  /** Listens for a server. */
  public static Relay to(URI server) {
    Random random = new Random();
    IOException last = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return new Relay(server, listen(FIRST_PORT + random.nextInt(PORTS)));
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException("No free port", last);
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Cuts every connection and refuses new ones, as a machine whose server has ended. */
  public synchronized void refuse() {
    close(listener);
    cut();
  }

  /** Takes connections and what comes by them, and passes nothing on. */
  public synchronized void swallow() {
    passing = false;
    reopen();
  }

  /**
   * Keeps everything that comes by new connections back for so long, on its way there and on its
   * way back, as a long line does: what follows closely arrives as closely.
   */
  public synchronized void delay(Duration eachWay) {
    delayNanos = eachWay.toNanos();
    cut();
  }

  /** Passes on again, at once, what comes by new connections. */
  public synchronized void restore() {
    delayNanos = 0;
    cut();
    passing = true;
    reopen();
  }

  private void reopen() {
    if (listener.isClosed()) {
      try {
        listener = listen(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      accept(listener);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void accept(ServerSocket from) {
    start(
        () -> {
          while (!from.isClosed()) {
            try {
              connect(from.accept());
            } catch (IOException e) {
              // Closed, or the server does not take the connection: the next one is looked at.
              continue;
            }
          }
        });
  }

  private void connect(Socket client) throws IOException {
    connections.add(client);
    try {
      Socket behind = new Socket(server.getHost(), server.getPort());
      connections.add(behind);
      start(() -> pass(client, behind));
      start(() -> pass(behind, client));
    } catch (IOException e) {
      close(client);
      throw e;
    }
  }

  /**
   * Bytes on their way.
   *
   * @param dueNanos when they arrive
   * @param bytes none at the end of the connection
   */
  private record Parcel(long dueNanos, byte[] bytes) {}

  private void pass(Socket from, Socket to) {
    BlockingQueue<Parcel> line = new LinkedBlockingQueue<>(PARCELS);
    start(() -> deliver(line, from, to));
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      try {
        InputStream in = from.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (passing) {
            line.put(new Parcel(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, read)));
          }
        }
      } catch (IOException e) {
        // One side has closed it; so is the other.
      }
      line.put(new Parcel(System.nanoTime() + delayNanos, new byte[0]));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void deliver(BlockingQueue<Parcel> line, Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Parcel next = line.take(); next.bytes().length > 0; next = line.take()) {
        long left = next.dueNanos() - System.nanoTime();
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
        out.write(next.bytes());
      }
    } catch (IOException e) {
      // One side has closed it; so is the other.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      close(from);
      close(to);
      line.clear();
    }
  }

  private void cut() {
    connections.forEach(this::close);
  }

  private void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      connections.remove(socket);
    }
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void close() {
    refuse();
  }
}
