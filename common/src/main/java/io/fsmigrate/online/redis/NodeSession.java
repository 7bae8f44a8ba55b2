package io.fsmigrate.online.redis;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import redis.clients.jedis.HostAndPort;

/**
 * Connections for what is not the writing of records: done again a few times where a server is away
 * for a moment. Not safe for several threads.
 */
final class NodeSession implements AutoCloseable {
  private static final int TRIES = 4;

  private final RedisSettings settings;
  private final Connections connections;
  private final Topology topology;
  private final RetryPolicy retry = new RetryPolicy(RandomGenerator.getDefault());
  private final Map<HostAndPort, RedisConnection> open = new HashMap<>();

  NodeSession(RedisSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.topology = new Topology(connections);
  }

  Topology topology() {
    return topology;
  }

  /**
   * Does some work that may be done again.
   *
   * @throws FsMigrateException in the words of {@link RedisErrors}
   */
  <T> T again(Function<Topology, T> work) {
    for (int failures = 1; ; failures++) {
      try {
        return work.apply(topology);
      } catch (RedisFault e) {
        close();
        topology.doubt();
        boolean passing =
            switch (e.fault()) {
              case AWAY, BUSY, MOVED, ASK, NO_SCRIPT -> settings.access().cluster() || !isMoved(e);
              default -> false;
            };
        if (!passing || e.isTls() || failures == TRIES) {
          throw inWords(e);
        }
        sleep(retry.waitNanos(failures));
      }
    }
  }

  /** The connection to a server, which stays open until the session is closed. */
  RedisConnection connection(HostAndPort node) {
    return open.computeIfAbsent(node, connections::open);
  }

  private FsMigrateException inWords(RedisFault fault) {
    return switch (fault.fault()) {
      case ACCESS -> RedisErrors.accessDenied(settings, fault);
      case FULL -> RedisErrors.full(settings, fault.getMessage());
      case MOVED, ASK -> RedisErrors.isCluster(settings);
      case AWAY, BUSY ->
          fault.isTls()
              ? RedisErrors.tls(settings, fault.getMessage())
              : RedisErrors.unreachable(settings, fault.getMessage());
      case WRONG_TYPE, NO_TIME, NO_SCRIPT, OTHER ->
          settings.access().cluster() && fault.getMessage().contains("cluster support disabled")
              ? RedisErrors.isNoCluster(settings, fault.getMessage())
              : RedisErrors.refused(settings, fault.getMessage());
    };
  }

  private static boolean isMoved(RedisFault fault) {
    return fault.fault() == Fault.MOVED || fault.fault() == Fault.ASK;
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between calls to the online store", e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(RedisConnection::drop);
    open.clear();
  }
}
