package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.testkit.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pointer in one Redis server, and what readers find there. */
class RedisServingPointerTest extends ServingPointerContract {
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
  OnlineStoreDefinition definition() {
    return definition(Map.of());
  }

  private static OnlineStoreDefinition definition(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("nodes", redis.address());
    return new OnlineStoreDefinition("serving", "redis", settings);
  }

  @Test
  void readersFindTheKeyPrefixInAHash() {
    writeBoth();
    pointer().move(served(SECOND, "ada"), Optional.empty());

    assertThat(text(redis.call("HGET", "fs-migrate:serving:flights", "key-prefix")))
        .isEqualTo("flights@2.0.0:");
    assertThat(text(redis.call("HGET", "flights@2.0.0:a", "minutes"))).isEqualTo("2");
    assertThat((List<?>) redis.call("HGETALL", "fs-migrate:serving:flights")).hasSize(10);
  }

  @Test
  void theKeyCanBeAnother() {
    OnlineStore store = OnlineStores.of(definition(Map.of("serving-key", "now:{group}")));

    store.pointer().orElseThrow().move(served(FIRST, "ada"), Optional.empty());

    assertThat(text(redis.call("HGET", "now:flights", "version"))).isEqualTo("1.0.0");
    assertThat(pointer().read("flights")).isEmpty();
  }

  @Test
  void aHashOfSomebodyElseIsNotTakenForIt() {
    redis.call("HSET", "fs-migrate:serving:flights", "version", "1.0.0");

    assertThatThrownBy(() -> pointer().read("flights"))
        .hasMessageContaining("fs-migrate:serving:flights")
        .hasMessageContaining("key-version");
  }

  @Test
  void feastHasNone() {
    assertThat(OnlineStores.of(definition(Map.of("layout", "feast", "project", "plant"))).pointer())
        .isEmpty();
  }

  private static String text(Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }
}
