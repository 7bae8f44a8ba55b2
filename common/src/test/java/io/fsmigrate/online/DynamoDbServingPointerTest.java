package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.testkit.DynamoDbProxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The pointer in DynamoDB, and what readers find there. */
class DynamoDbServingPointerTest extends ServingPointerContract {
  private static final String TABLE = "fs-migrate-serving";

  @BeforeEach
  void empty() {
    SharedDynamoDb.empty();
  }

  @Override
  OnlineStoreDefinition definition() {
    return definition("create-table", "true");
  }

  private static OnlineStoreDefinition definition(String... more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "endpoint",
                SharedDynamoDb.endpoint().toString(),
                "region",
                "us-east-1",
                "unavailable-after",
                "3 seconds"));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new OnlineStoreDefinition("serving", "dynamodb", settings);
  }

  @Test
  void readersFindTheTableInAnItem() {
    writeBoth();
    pointer().move(served(SECOND, "ada"), Optional.empty());

    assertThat(SharedDynamoDb.items(TABLE))
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.get("group").s()).isEqualTo("flights");
              assertThat(item.get("version").s()).isEqualTo("2.0.0");
              assertThat(item.get("table").s()).isEqualTo("flights-2.0.0");
              assertThat(item.get("at").s()).isEqualTo(NOON.toString());
              assertThat(item).hasSize(6);
            });
    assertThat(SharedDynamoDb.items("flights-2.0.0").get(0).get("minutes").n()).isEqualTo("2");
  }

  @Test
  void aTableThatIsNotToBeMadeIsAskedForBeforehand() {
    writeBoth();
    ServingPointer pointer = OnlineStores.of(definition()).pointer().orElseThrow();
    ServingPointer asking = OnlineStores.of(definition("serving-table", "now")).pointer().get();

    assertThatThrownBy(() -> asking.check("flights", "flights-1.0.0"))
        .hasMessageContaining("table now with the partition key group of type S");
    assertThatThrownBy(() -> asking.move(served(FIRST, "ada"), Optional.empty()))
        .hasMessageContaining("no table that says what is served");
    pointer.check("flights", "flights-1.0.0");
    assertThat(pointer.move(served(FIRST, "ada"), Optional.empty())).isTrue();
  }

  /** DynamoDB itself takes some seconds to make one. */
  @Test
  void aTableThatIsBeingMadeIsWaitedFor() {
    writeBoth();
    pointer().move(served(FIRST, "ada"), Optional.empty());
    try (DynamoDbProxy proxy = DynamoDbProxy.to(SharedDynamoDb.endpoint())) {
      proxy.answer(
          call ->
              call.operation().equals("DescribeTable") && call.number() <= 3
                  ? Optional.of(
                      new DynamoDbProxy.Reply(
                          200,
                          "{\"Table\":{\"TableName\":\"%s\",\"TableStatus\":\"CREATING\"}}"
                              .formatted(TABLE)))
                  : Optional.empty());
      ServingPointer pointer =
          OnlineStores.of(definition("endpoint", proxy.address().toString())).pointer().get();

      assertThat(pointer.move(served(SECOND, "eve"), Optional.of(served(FIRST, "ada")))).isTrue();
      assertThat(proxy.calls("DescribeTable")).isGreaterThan(3);
    }
    assertThat(pointer().read("flights")).contains(served(SECOND, "eve"));
  }

  @Test
  void anItemOfSomebodyElseIsNotTakenForIt() {
    pointer().move(served(FIRST, "ada"), Optional.empty());
    SharedDynamoDb.put(
        TABLE,
        Map.of("group", AttributeValue.fromS("flights"), "version", AttributeValue.fromS("1.0.0")));

    assertThatThrownBy(() -> pointer().read("flights"))
        .hasMessageContaining(TABLE)
        .hasMessageContaining("key-version");
  }
}
