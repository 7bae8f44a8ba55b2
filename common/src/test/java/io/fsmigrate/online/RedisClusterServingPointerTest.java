package io.fsmigrate.online;

import io.fsmigrate.testkit.RedisProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The pointer in a cluster of three servers. */
class RedisClusterServingPointerTest extends ServingPointerContract {
  private static List<RedisProcess> cluster;

  @BeforeAll
  static void start() {
    cluster = RedisProcess.cluster(3);
  }

  @AfterAll
  static void stop() {
    cluster.forEach(RedisProcess::close);
  }

  @BeforeEach
  void empty() {
    cluster.forEach(server -> server.call("FLUSHALL"));
  }

  @Override
  OnlineStoreDefinition definition() {
    return new OnlineStoreDefinition(
        "serving", "redis", Map.of("nodes", cluster.get(1).address(), "cluster", "true"));
  }
}
