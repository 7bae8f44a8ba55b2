package io.fsmigrate.online;

import io.fsmigrate.testkit.RedisProcess;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract of every store, by the layout of our own, without an exception. */
class RedisOnlineStoreContractTest extends OnlineStoreContract {
  private static RedisProcess redis;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.call("FLUSHALL");
  }

  @Override
  OnlineStore store() {
    return OnlineStores.of(
        new OnlineStoreDefinition("serving", "redis", Map.of("nodes", redis.address())));
  }
}
