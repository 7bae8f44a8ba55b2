package io.fsmigrate.benchmarks;

import io.fsmigrate.benchmarks.PreparedRedis.Flight;
import io.fsmigrate.testkit.RedisProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends prepared commands on bare sockets: what no client that makes commands can surpass. Replies
 * are counted by their bytes, which are the same for every record that is written.
 */
final class RedisReplay {
  private final int port;
  private final List<List<Flight>> connections;

  private RedisReplay(int port, List<List<Flight>> connections) {
    this.port = port;
    this.connections = connections;
  }

  /** Tells the server the script, which one that was emptied still has. */
  static RedisReplay of(RedisProcess redis, List<List<Flight>> connections) {
    return of(redis, redis.port(), connections);
  }

  /** The same by way of another port. */
  static RedisReplay of(RedisProcess redis, int port, List<List<Flight>> connections) {
    redis.call("SCRIPT", "LOAD", PreparedRedis.script());
    return new RedisReplay(port, connections);
  }

  /** Two flights under way on each connection. */
  void run() throws Exception {
    run(2);
  }

  /** The next when the one before is answered. */
  void runOneByOne() throws Exception {
    run(1);
  }

  private void run(int underWay) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections.size());
    try {
      List<Future<?>> all = new ArrayList<>();
      for (List<Flight> flights : connections) {
        all.add(
            threads.submit(
                () -> {
                  replay(flights, underWay);
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

  private void replay(List<Flight> flights, int underWay) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port);
        InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        OutputStream out = socket.getOutputStream()) {
      socket.setTcpNoDelay(true);
      for (int i = 0; i < flights.size(); i++) {
        out.write(flights.get(i).commands());
        if (i >= underWay - 1) {
          in.skipNBytes(flights.get(i - underWay + 1).replyBytes());
        }
      }
      for (int i = Math.max(0, flights.size() - underWay + 1); i < flights.size(); i++) {
        in.skipNBytes(flights.get(i).replyBytes());
      }
    }
  }
}
