package io.fsmigrate.online.redis;

import io.fsmigrate.online.Password;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/**
 * Where the servers are and how to be let in. It prints no secret.
 *
 * @param nodes the server, or some of a cluster's
 * @param cluster whether they are a cluster
 * @param database number of the database; a cluster has only 0
 * @param user for an access control list; empty for the default user
 * @param tlsCa certificates to trust in place of the JVM's own
 * @param callTimeout how long to wait for a reply
 */
record RedisAccess(
    List<HostAndPort> nodes,
    boolean cluster,
    int database,
    Optional<String> user,
    Optional<Password> password,
    boolean tls,
    Optional<Path> tlsCa,
    Duration connectTimeout,
    Duration callTimeout) {
  RedisAccess {
    nodes = List.copyOf(nodes);
  }

  /** The servers, for messages. */
  String words() {
    return nodes.stream().map(HostAndPort::toString).collect(Collectors.joining(", "));
  }

  /** What a server or the operating system says, without the password in it. */
  String withoutSecret(String message) {
    String text = message == null ? "" : message;
    return password.map(p -> p.hideIn(text)).orElse(text);
  }
}
