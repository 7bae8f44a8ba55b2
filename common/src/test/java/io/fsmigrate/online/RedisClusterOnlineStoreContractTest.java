package io.fsmigrate.online;

import io.fsmigrate.testkit.RedisProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract of every store, by a cluster of three servers, without an exception. */
class RedisClusterOnlineStoreContractTest extends OnlineStoreContract {
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
  OnlineStore store() {
    return OnlineStores.of(
        new OnlineStoreDefinition(
            "serving", "redis", Map.of("nodes", cluster.get(2).address(), "cluster", "true")));
  }
}
