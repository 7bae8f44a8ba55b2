package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several writers of the same records, nearly all of which are ties. */
class RedisWritersTest {
  private static final VersionedGroup TARGET = RedisTargets.of("v", "int", "w", "string");
  private static final int WRITERS = 4;
  private static final int EACH = 3_000;

  private static RedisProcess redis;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "feast"})
  void endWithTheGreatestRecordOfEach(String layout) throws Exception {
    redis.call("FLUSHALL");
    OnlineStore store =
        layout.equals("hash")
            ? RedisTargets.store(redis)
            : RedisTargets.store(redis, "layout", layout, "project", "p");
    TieRule rule = TieRule.of(TARGET);
    Map<Object, OnlineRecord> expected = new HashMap<>();
    List<List<OnlineRecord>> parts = new ArrayList<>();
    Random random = new Random(3);
    for (int writer = 0; writer < WRITERS; writer++) {
      List<OnlineRecord> part = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        // Negative numbers and numbers of more digits: bytes would be in another order.
        OnlineRecord record =
            OnlineRecord.of(
                "k" + random.nextInt(20),
                RedisTargets.NOON.plusSeconds(random.nextInt(2)),
                random.nextInt(400) - 200,
                random.nextBoolean() ? null : "w" + random.nextInt(3));
        part.add(record);
        expected.merge(record.values().get(0), record, (a, b) -> rule.compare(a, b) >= 0 ? a : b);
      }
      parts.add(part);
    }

    long counted = 0;
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
    try {
      Future<?> forgetting =
          threads.submit(
              () -> {
                for (int i = 0; i < 20; i++) {
                  redis.call("SCRIPT", "FLUSH");
                  Thread.sleep(5);
                }
                return null;
              });
      List<Future<Long>> writers = new ArrayList<>();
      for (List<OnlineRecord> part : parts) {
        writers.add(threads.submit(writing(store, part)));
      }
      for (Future<Long> writer : writers) {
        counted += writer.get();
      }
      forgetting.get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(counted).isEqualTo((long) WRITERS * EACH);
    assertThat(RedisTargets.read(store, TARGET, expected.keySet().toArray()))
        .containsExactlyInAnyOrderElementsOf(expected.values());
  }

  private static Callable<Long> writing(OnlineStore store, List<OnlineRecord> records) {
    return () -> {
      long[] counted = {0};
      try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
        for (int from = 0; from < records.size(); from += 30) {
          writer.write(
              records.subList(from, from + 30),
              outcome -> counted[0] += outcome.written() + outcome.stale());
        }
        writer.commit();
      }
      return counted[0];
    };
  }
}
