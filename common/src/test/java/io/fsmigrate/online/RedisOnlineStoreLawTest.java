package io.fsmigrate.online;

import io.fsmigrate.testkit.RedisProcess;
import java.util.Map;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class RedisOnlineStoreLawTest extends OnlineStoreLaw {
  private static RedisProcess redis;

  @BeforeContainer
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterContainer
  static void stop() {
    redis.close();
  }

  @Override
  OnlineStore store() {
    return OnlineStores.of(
        new OnlineStoreDefinition("serving", "redis", Map.of("nodes", redis.address())));
  }
}
