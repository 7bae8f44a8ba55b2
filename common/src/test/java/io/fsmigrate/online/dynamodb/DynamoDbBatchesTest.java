package io.fsmigrate.online.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.SharedDynamoDb;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.testkit.DynamoDbProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Batches, of which the service may leave parts for another call. */
class DynamoDbBatchesTest {
  private static final VersionedGroup TARGET = DynamoDbTargets.of("v", "int");
  private static final int RECORDS = 90;

  private DynamoDbProxy proxy;

  @BeforeEach
  void start() {
    SharedDynamoDb.empty();
    proxy = DynamoDbProxy.to(SharedDynamoDb.endpoint());
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private OnlineStore store() {
    return SharedDynamoDb.store(proxy.address(), "batch-write", "auto");
  }

  private static List<String> ids() {
    return DynamoDbTargets.records(RECORDS).stream().map(r -> (String) r.values().get(0)).toList();
  }

  @Test
  void onlyWhatTheServiceLeftIsSentAgain() {
    proxy.leaveAllBut(10);

    WriteOutcome outcome = DynamoDbTargets.write(store(), TARGET, DynamoDbTargets.records(RECORDS));

    assertThat(outcome).isEqualTo(new WriteOutcome(RECORDS, 0, List.of()));
    assertThat(proxy.batchEntries()).isEqualTo(RECORDS);
    // The one that tells whether the table takes any.
    assertThat(proxy.calls("PutItem")).isLessThanOrEqualTo(1);
    assertThat(DynamoDbTargets.read(store(), TARGET, ids()))
        .containsExactlyInAnyOrderElementsOf(DynamoDbTargets.records(RECORDS));
    assertThat(proxy.calls("BatchGetItem")).isGreaterThan(2);
  }

  @Test
  void twiceTheSameRecordIsNeverInOneCallAndTheLastOneCounts() {
    List<OnlineRecord> twice = new ArrayList<>(DynamoDbTargets.records(RECORDS));
    twice.addAll(DynamoDbTargets.records(RECORDS));

    WriteOutcome outcome = DynamoDbTargets.write(store(), TARGET, twice);

    assertThat(outcome).isEqualTo(new WriteOutcome(2 * RECORDS, 0, List.of()));
    assertThat(store().count(TARGET)).hasValue(RECORDS);
  }

  @Test
  void itemsOfBatchesAreThoseOfSingleWrites() {
    OnlineStore store = store();
    DynamoDbTargets.write(store, TARGET, DynamoDbTargets.records(3));
    List<Map<String, AttributeValue>> loaded = SharedDynamoDb.items(DynamoDbTargets.TABLE);
    store.clear(TARGET);

    DynamoDbTargets.write(store, TARGET, WriteStrategy.FULL, DynamoDbTargets.records(3));

    assertThat(SharedDynamoDb.items(DynamoDbTargets.TABLE))
        .containsExactlyInAnyOrderElementsOf(loaded)
        .hasSize(3);
  }

  /** Deeper than the service allows, which only the service says. */
  @Test
  void oneThatIsRefusedFailsAlone() {
    String type = "array<".repeat(40) + "int" + ">".repeat(40);
    VersionedGroup target = DynamoDbTargets.of("v", type);
    Object deep = List.of();
    for (int i = 1; i < 40; i++) {
      deep = List.of(deep);
    }
    for (WriteStrategy.Mode mode : List.of(WriteStrategy.Mode.LOAD, WriteStrategy.Mode.FULL)) {
      List<OnlineRecord> records = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        records.add(
            OnlineRecord.of(mode + "k" + i, DynamoDbTargets.NOON, i == 7 ? deep : List.of()));
      }
      store().prepare(target);

      WriteOutcome outcome =
          DynamoDbTargets.write(
              store(), target, new WriteStrategy(mode, List.of(), "test"), records);

      assertThat(outcome.written()).isEqualTo(29);
      assertThat(outcome.failed())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.index()).isEqualTo(7);
                assertThat(f.code()).isEqualTo("ValidationException");
                assertThat(f.reason()).contains("Nesting");
                assertThat(f.retryable()).isFalse();
              });
    }
  }

  @Test
  void clearingRemovesAllInBatchesOfWhichPartsAreLeft() {
    OnlineStore store = store();
    DynamoDbTargets.write(store, TARGET, DynamoDbTargets.records(RECORDS));
    long before = proxy.batchEntries();
    proxy.leaveAllBut(7);

    assertThat(store.clear(TARGET)).isEqualTo(RECORDS);

    assertThat(proxy.batchEntries() - before).isEqualTo(RECORDS);
    assertThat(SharedDynamoDb.items(DynamoDbTargets.TABLE)).isEmpty();
    assertThat(store.clear(TARGET)).isZero();
  }
}
