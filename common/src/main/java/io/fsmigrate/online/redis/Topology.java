package io.fsmigrate.online.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Which server has which key: always the one there is, or that of the key's hash slot in a cluster,
 * as far as is known. Not safe for several threads.
 */
final class Topology {
  private static final int SLOTS = 16_384;

  private final Connections connections;
  private final RedisAccess access;
  private final HostAndPort[] ofSlot = new HostAndPort[SLOTS];
  private boolean known;

  Topology(Connections connections) {
    this.connections = connections;
    this.access = connections.settings().access();
  }

  /** The hash slot of a key; keys of one script must share it. */
  int slot(byte[] key) {
    return access.cluster() ? JedisClusterCRC16.getSlot(key) : 0;
  }

  /**
   * The server that has a slot.
   *
   * @throws RedisFault when the cluster cannot be asked
   */
  HostAndPort node(int slot) {
    if (!access.cluster()) {
      return access.nodes().get(0);
    }
    requireKnown();
    HostAndPort node = ofSlot[slot];
    // Whoever is asked for a slot that nobody has says so.
    return node == null ? access.nodes().get(0) : node;
  }

  /** All servers that have keys. */
  Set<HostAndPort> nodes() {
    if (!access.cluster()) {
      return Set.of(access.nodes().get(0));
    }
    requireKnown();
    Set<HostAndPort> nodes = new LinkedHashSet<>(Arrays.asList(ofSlot));
    nodes.remove(null);
    return nodes;
  }

  /** What is known may be wrong by now. */
  void doubt() {
    known = false;
  }

  private void requireKnown() {
    if (known) {
      return;
    }
    Set<HostAndPort> asked = new LinkedHashSet<>(Arrays.asList(ofSlot));
    asked.addAll(access.nodes());
    asked.remove(null);
    RedisFault last = null;
    for (HostAndPort node : new ArrayList<>(asked)) {
      try {
        ask(node);
        known = true;
        return;
      } catch (RedisFault e) {
        if (e.fault() == Fault.ACCESS) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private void ask(HostAndPort node) {
    RedisConnection connection = connections.open(node);
    try {
      Object reply = connection.call(Command.CLUSTER, "SLOTS".getBytes(StandardCharsets.US_ASCII));
      HostAndPort[] told = new HostAndPort[SLOTS];
      for (Object range : (List<?>) reply) {
        List<?> parts = (List<?>) range;
        List<?> primary = (List<?>) parts.get(2);
        byte[] host = (byte[]) primary.get(0);
        HostAndPort owner =
            new HostAndPort(
                // A server that does not know its own name leaves it out.
                host == null || host.length == 0
                    ? node.getHost()
                    : new String(host, StandardCharsets.UTF_8),
                Math.toIntExact((Long) primary.get(1)));
        Arrays.fill(
            told,
            Math.toIntExact((Long) parts.get(0)),
            Math.toIntExact((Long) parts.get(1)) + 1,
            owner);
      }
      System.arraycopy(told, 0, ofSlot, 0, SLOTS);
    } finally {
      connection.drop();
    }
  }
}
