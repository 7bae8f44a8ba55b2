package io.fsmigrate.online.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.SharedDynamoDb;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Tables that are made, that are there, and that others use too. */
class DynamoDbTableTest {
  @BeforeEach
  void empty() {
    SharedDynamoDb.empty();
  }

  private static FsMigrateException refusal(OnlineStore store, String... features) {
    return catchThrowableOfType(
        FsMigrateException.class, () -> store.check(DynamoDbTargets.with(features), false));
  }

  private static TableDescription table() {
    return SharedDynamoDb.client()
        .describeTable(r -> r.tableName(DynamoDbTargets.TABLE))
        .join()
        .table();
  }

  @Test
  void aMissingTableIsRefusedUnlessItIsToBeMade() {
    OnlineStore store = SharedDynamoDb.store("create-table", "false");

    FsMigrateException refused = refusal(store, "id", "string", "at", "date");

    assertThat(refused.code()).isEqualTo("DYNAMODB_TABLE_NOT_FOUND");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused).hasMessageContaining(DynamoDbTargets.TABLE);
    assertThat(SharedDynamoDb.client().listTables().join().tableNames()).isEmpty();
    assertThat(store.count(DynamoDbTargets.of())).hasValue(0);
    assertThat(store.clear(DynamoDbTargets.of())).isZero();
    assertThat(DynamoDbTargets.read(store, DynamoDbTargets.of(), List.of("a"))).isEmpty();
  }

  @Test
  void aTableIsMadeOnDemandWithTimeToLive() {
    OnlineStore store = SharedDynamoDb.store("ttl", "30 days", "warm-write-units", "5000");
    store.check(DynamoDbTargets.of("v", "int"), false);
    assertThat(SharedDynamoDb.client().listTables().join().tableNames()).isEmpty();

    DynamoDbTargets.write(store, DynamoDbTargets.of("v", "int"), DynamoDbTargets.records(1));

    assertThat(table().billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
    assertThat(
            SharedDynamoDb.client()
                .describeTimeToLive(r -> r.tableName(DynamoDbTargets.TABLE))
                .join()
                .timeToLiveDescription()
                .attributeName())
        .isEqualTo("__fs_expires");
    store.check(DynamoDbTargets.of("v", "int"), false);
  }

  @Test
  void aTableIsMadeWithUnits() {
    SharedDynamoDb.store("billing", "provisioned", "read-units", "7", "write-units", "9")
        .prepare(DynamoDbTargets.of());

    assertThat(table().provisionedThroughput().readCapacityUnits()).isEqualTo(7);
    assertThat(table().provisionedThroughput().writeCapacityUnits()).isEqualTo(9);
  }

  @Test
  void aTableThatDoesNotFitIsRefused() {
    SharedDynamoDb.client()
        .createTable(
            r ->
                r.tableName(DynamoDbTargets.TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(
                        k -> k.attributeName("id").keyType(KeyType.HASH),
                        k -> k.attributeName("sort").keyType(KeyType.RANGE))
                    .attributeDefinitions(
                        a -> a.attributeName("id").attributeType(ScalarAttributeType.S),
                        a -> a.attributeName("sort").attributeType(ScalarAttributeType.S)))
        .join();

    FsMigrateException refused = refusal(SharedDynamoDb.store(), "id", "string", "at", "date");

    assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.code()).isEqualTo("STORE_SCHEMA_DIFFERS");
    assertThat(refused).hasMessageContaining("its key is [id, sort], the record identifier id");
  }

  @Test
  void aKeyOfAnotherTypeOrWithoutTimeToLiveIsRefused() {
    SharedDynamoDb.store().prepare(DynamoDbTargets.of());

    assertThat(refusal(SharedDynamoDb.store("ttl", "1 day"), "id", "bigint", "at", "date"))
        .hasMessageContaining("its key id has type S, the record identifier needs N")
        .hasMessageContaining("it has no time to live on attribute __fs_expires");
  }

  @Test
  void timeToLiveNeedsAPointInTime() {
    assertThat(refusal(SharedDynamoDb.store("ttl", "1 day"), "id", "string", "at", "bigint"))
        .hasMessageContaining("at of flights@1.0.0 is no date or timestamp");
    assertThat(refusal(SharedDynamoDb.store(), "id", "string", "at", "array<int>"))
        .hasMessageContaining("at (array<int>)");
  }

  @Test
  void itemsOfOthersAreNeitherOverwrittenNorRemoved() {
    OnlineStore store = SharedDynamoDb.store();
    store.prepare(DynamoDbTargets.of("v", "int"));
    Map<String, AttributeValue> foreign = Map.of("id", AttributeValue.fromS("k0"));
    SharedDynamoDb.put(DynamoDbTargets.TABLE, foreign);

    WriteOutcome outcome =
        DynamoDbTargets.write(store, DynamoDbTargets.of("v", "int"), DynamoDbTargets.records(3));

    assertThat(outcome.written()).isEqualTo(2);
    assertThat(outcome.failed())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.code()).isEqualTo("UNREADABLE_IN_STORE");
              assertThat(f.reason()).contains("key k0", "__fs_at");
              assertThat(f.retryable()).isFalse();
            });
    assertThat(store.count(DynamoDbTargets.of("v", "int"))).hasValue(2);
    assertThat(store.clear(DynamoDbTargets.of("v", "int"))).isEqualTo(2);
    assertThat(SharedDynamoDb.items(DynamoDbTargets.TABLE)).containsExactly(foreign);
  }

  /** As after a repair by hand, or from a writer that knows the event time and not the digest. */
  @Test
  void aTieWithAnItemWithoutDigestFollowsTheRule() {
    OnlineStore store = SharedDynamoDb.store();
    store.prepare(DynamoDbTargets.of("v", "int"));
    for (int i = 0; i < 3; i++) {
      Map<String, AttributeValue> item = new HashMap<>();
      item.put("id", AttributeValue.fromS("k" + i));
      item.put("at", AttributeValue.fromS("2001-06-30T12:00:00Z"));
      item.put("v", AttributeValue.fromN("1"));
      item.put("__fs_at", AttributeValue.fromN("993902400"));
      SharedDynamoDb.put(DynamoDbTargets.TABLE, item);
    }

    WriteOutcome outcome =
        DynamoDbTargets.write(store, DynamoDbTargets.of("v", "int"), DynamoDbTargets.records(3));

    assertThat(outcome).isEqualTo(new WriteOutcome(2, 1, List.of()));
    assertThat(
            DynamoDbTargets.read(store, DynamoDbTargets.of("v", "int"), List.of("k0", "k1", "k2")))
        .containsExactlyInAnyOrder(
            OnlineRecord.of("k0", DynamoDbTargets.NOON, 1),
            OnlineRecord.of("k1", DynamoDbTargets.NOON, 1),
            OnlineRecord.of("k2", DynamoDbTargets.NOON, 2));
  }

  @Test
  void aTieWithAnItemThatCannotBeComparedFailsTheRecord() {
    OnlineStore store = SharedDynamoDb.store();
    store.prepare(DynamoDbTargets.of("v", "int"));
    SharedDynamoDb.put(
        DynamoDbTargets.TABLE,
        Map.of(
            "id", AttributeValue.fromS("k0"),
            "v", AttributeValue.fromS("seven"),
            "__fs_at", AttributeValue.fromN("993902400")));

    WriteOutcome outcome =
        DynamoDbTargets.write(store, DynamoDbTargets.of("v", "int"), DynamoDbTargets.records(1));

    assertThat(outcome.failed().get(0).code()).isEqualTo("UNREADABLE_IN_STORE");
    assertThat(outcome.failed().get(0).reason()).contains("v: ", "int");
  }

  @Test
  void strategyIsWholeRecordsUnlessBatchesAreAllowedAndTheTableIsEmpty() {
    OnlineStore never = SharedDynamoDb.store();
    OnlineStore auto = SharedDynamoDb.store("batch-write", "auto");
    assertThat(never.plan(DynamoDbTargets.of())).isEqualTo(WriteStrategy.FULL);
    WriteStrategy planned = auto.plan(DynamoDbTargets.of());
    assertThat(planned.mode()).isEqualTo(WriteStrategy.Mode.LOAD);
    assertThat(planned.reason()).contains("25 records a call", "going to be made");

    auto.prepare(DynamoDbTargets.of());
    assertThat(auto.confirm(DynamoDbTargets.of(), planned).reason()).contains("has no item");
    assertThat(never.confirm(DynamoDbTargets.of(), planned)).isEqualTo(WriteStrategy.FULL);

    SharedDynamoDb.put(DynamoDbTargets.TABLE, Map.of("id", AttributeValue.fromS("x")));
    assertThat(auto.plan(DynamoDbTargets.of()).mode()).isEqualTo(WriteStrategy.Mode.FULL);
    assertThat(auto.confirm(DynamoDbTargets.of(), planned).mode())
        .isEqualTo(WriteStrategy.Mode.FULL);
  }
}
