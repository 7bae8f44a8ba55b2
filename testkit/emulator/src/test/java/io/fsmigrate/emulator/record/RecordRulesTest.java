package io.fsmigrate.emulator.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Request;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the runtime, without a network. */
class RecordRulesTest {
  private static final String NOON = "2026-01-01T12:00:00Z";
  private static final String LATER = "2026-01-01T12:00:00.001Z";
  private static final String EARLIER = "2026-01-01T11:59:59Z";

  private final EmulatorClock clock = new EmulatorClock();
  private final List<Boolean> offlineRows = new ArrayList<>();
  private final Map<StorageType, FeatureGroup> groups =
      Map.of(
          StorageType.STANDARD, group(StorageType.STANDARD, null),
          StorageType.STANDARD_V2, group(StorageType.STANDARD_V2, new Ttl("Hours", 1)),
          StorageType.IN_MEMORY, group(StorageType.IN_MEMORY, null));
  private final FeatureStoreRuntime runtime =
      new FeatureStoreRuntime(
          name -> groups.get(StorageType.valueOf(name)),
          (group, record, deleted, invoked) -> offlineRows.add(deleted),
          clock);

  private FeatureGroup group(StorageType type, Ttl ttl) {
    List<FeatureDefinition> features = new ArrayList<>();
    features.add(new FeatureDefinition("id", FeatureType.STRING, CollectionType.NONE, 0));
    features.add(new FeatureDefinition("t", FeatureType.STRING, CollectionType.NONE, 0));
    features.add(new FeatureDefinition("n", FeatureType.INTEGRAL, CollectionType.NONE, 0));
    features.add(new FeatureDefinition("f", FeatureType.FRACTIONAL, CollectionType.NONE, 0));
    if (type == StorageType.IN_MEMORY) {
      features.add(new FeatureDefinition("list", FeatureType.INTEGRAL, CollectionType.LIST, 0));
      features.add(new FeatureDefinition("set", FeatureType.STRING, CollectionType.SET, 0));
      features.add(new FeatureDefinition("vec", FeatureType.FRACTIONAL, CollectionType.VECTOR, 2));
    }
    Optional<FeatureGroup.Offline> offline =
        type == StorageType.IN_MEMORY
            ? Optional.empty()
            : Optional.of(new FeatureGroup.Offline("bucket", "prefix", false, "db", "table"));
    return new FeatureGroup(
        type.name(),
        "arn:aws:sagemaker:us-east-1:1:feature-group/" + type.name(),
        Json.object(),
        new Schema(features, "id", "t"),
        Optional.of(type),
        offline,
        ttl,
        Instant.now(),
        0,
        null,
        clock);
  }

  private JsonNode call(String method, String path, Object body) {
    int question = path.indexOf('?');
    Request request =
        new Request(
            method,
            question < 0 ? path : path.substring(0, question),
            question < 0 ? "" : path.substring(question + 1),
            new DefaultHttpHeaders(),
            body == null ? new byte[0] : Json.bytes(body),
            "test");
    Operation operation = runtime.prepare(request);
    byte[] answer = operation.execute(RecordPolicy.NONE).body();
    return answer.length == 0 ? Json.object() : Json.read(answer);
  }

  private static List<ObjectNode> record(String id, String time, String... more) {
    List<ObjectNode> record = new ArrayList<>();
    record.add(Json.object("FeatureName", "id", "ValueAsString", id));
    record.add(Json.object("FeatureName", "t", "ValueAsString", time));
    for (int i = 0; i < more.length; i += 2) {
      record.add(Json.object("FeatureName", more[i], "ValueAsString", more[i + 1]));
    }
    return record;
  }

  private void put(StorageType type, String id, String time, String... more) {
    call("PUT", "/FeatureGroup/" + type, Json.object("Record", record(id, time, more)));
  }

  private String get(StorageType type, String id, String feature) {
    JsonNode answer =
        call(
            "GET",
            "/FeatureGroup/%s?RecordIdentifierValueAsString=%s&FeatureName=%s"
                .formatted(type, id, feature),
            null);
    return answer.has("Record")
        ? answer.path("Record").path(0).path("ValueAsString").asText("")
        : null;
  }

  @Test
  void onlyAGreaterEventTimeReplaces() {
    put(StorageType.STANDARD, "a", NOON, "n", "1");
    put(StorageType.STANDARD, "a", EARLIER, "n", "2");
    put(StorageType.STANDARD, "a", NOON, "n", "3");
    assertThat(get(StorageType.STANDARD, "a", "n")).isEqualTo("1");
    put(StorageType.STANDARD, "a", LATER, "f", "0.5");
    assertThat(get(StorageType.STANDARD, "a", "n")).as("no merge").isEmpty();
    assertThat(offlineRows).as("all are history").hasSize(4).containsOnly(false);
    FeatureGroup.Counts counts = groups.get(StorageType.STANDARD).counts();
    assertThat(counts.written.sum()).isEqualTo(2);
    assertThat(counts.stale.sum()).isEqualTo(2);
  }

  @Test
  void targetStoresChoose() {
    ObjectNode onlyOffline =
        Json.object("Record", record("a", NOON), "TargetStores", List.of("OfflineStore"));
    call("PUT", "/FeatureGroup/STANDARD", onlyOffline);
    assertThat(get(StorageType.STANDARD, "a", "id")).isNull();
    assertThat(offlineRows).hasSize(1);
    assertThatThrownBy(() -> call("PUT", "/FeatureGroup/IN_MEMORY", onlyOffline))
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("lacks a store");
  }

  @Test
  void recordsExpireByTheClock() {
    String now = EventTimes.iso(clock.micros());
    put(StorageType.STANDARD_V2, "a", now);
    call(
        "PUT",
        "/FeatureGroup/STANDARD_V2",
        Json.object(
            "Record", record("b", now), "TtlDuration", Json.object("Unit", "Days", "Value", 1)));
    clock.advance(3_599_000);
    assertThat(get(StorageType.STANDARD_V2, "a", "id")).isEqualTo("a");
    clock.advance(2_000);
    assertThat(get(StorageType.STANDARD_V2, "a", "id")).as("the group's hour").isNull();
    assertThat(get(StorageType.STANDARD_V2, "b", "id")).as("the record's day").isEqualTo("b");
    put(StorageType.STANDARD_V2, "a", EventTimes.iso(clock.micros() - 60_000_000));
    assertThat(get(StorageType.STANDARD_V2, "a", "id")).as("expired ones are gone").isEqualTo("a");
  }

  @Test
  void entryTtlBeatsRequestTtl() {
    String now = EventTimes.iso(clock.micros());
    call(
        "POST",
        "/BatchWriteRecord",
        Json.object(
            "TtlDuration", Json.object("Unit", "Minutes", "Value", 1),
            "Entries",
                List.of(
                    Json.object("FeatureGroupName", "STANDARD", "Record", record("a", now)),
                    Json.object(
                        "FeatureGroupName", "STANDARD",
                        "Record", record("b", now),
                        "TtlDuration", Json.object("Unit", "Weeks", "Value", 1)))));
    clock.advance(61_000);
    assertThat(get(StorageType.STANDARD, "a", "id")).isNull();
    assertThat(get(StorageType.STANDARD, "b", "id")).isEqualTo("b");
  }

  private void delete(String id, String time, String mode) {
    call(
        "DELETE",
        "/FeatureGroup/STANDARD?RecordIdentifierValueAsString=%s&EventTime=%s&DeletionMode=%s"
            .formatted(id, time, mode),
        null);
  }

  @Test
  void softDeletionKeepsItsTime() {
    put(StorageType.STANDARD, "a", NOON);
    delete("a", NOON, "SoftDelete");
    assertThat(get(StorageType.STANDARD, "a", "id")).as("not later: stays").isEqualTo("a");
    assertThat(offlineRows).as("the marker is written all the same").containsExactly(false, true);
    delete("a", LATER, "SoftDelete");
    assertThat(get(StorageType.STANDARD, "a", "id")).isNull();
    put(StorageType.STANDARD, "a", NOON);
    assertThat(get(StorageType.STANDARD, "a", "id")).as("before the deletion").isNull();
    assertThat(list(false)).isEmpty();
    assertThat(list(true)).containsExactly("a");
  }

  @Test
  void hardDeletionMustBeLater() {
    put(StorageType.STANDARD, "a", NOON);
    assertThatThrownBy(() -> delete("a", NOON, "HardDelete"))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.status() + e.code()).isEqualTo("400ValidationError"));
    assertThat(offlineRows).as("no marker").containsExactly(false);
    delete("a", LATER, "HardDelete");
    put(StorageType.STANDARD, "a", EARLIER);
    assertThat(get(StorageType.STANDARD, "a", "id")).as("nothing is left").isEqualTo("a");
  }

  private List<String> list(boolean deleted) {
    List<String> all = new ArrayList<>();
    JsonNode page;
    String token = null;
    do {
      page =
          call(
              "POST",
              "/FeatureGroup/STANDARD/ListRecords",
              Json.object(
                  "MaxResults", 3, "NextToken", token, "IncludeSoftDeletedRecords", deleted));
      page.path("RecordIdentifiers").forEach(id -> all.add(id.asText()));
      token = page.path("NextToken").asText(null);
    } while (token != null);
    return all;
  }

  @Test
  void listsInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add("id" + i);
      put(StorageType.STANDARD, "id" + i, NOON);
    }
    assertThat(list(false)).containsExactlyInAnyOrderElementsOf(ids);
    assertThatThrownBy(() -> call("POST", "/FeatureGroup/STANDARD_V2/ListRecords", Json.object()))
        .hasMessageContaining("Standard_V2");
  }

  private void update(String group, String id, Object... features) {
    List<ObjectNode> changes = new ArrayList<>();
    for (int i = 0; i < features.length; i += 2) {
      changes.add(Json.object("FeatureName", features[i], "ValueAsString", features[i + 1]));
    }
    call(
        "POST",
        "/FeatureGroup/" + group + "/Record",
        Json.object("RecordIdentifierValueAsString", id, "Features", changes));
  }

  @Test
  void updatesSingleFeatures() {
    String now = EventTimes.iso(clock.micros());
    assertThatThrownBy(() -> update("STANDARD_V2", "a", "n", "1"))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo("ResourceNotFound"));
    put(StorageType.STANDARD_V2, "a", now, "n", "1", "f", "2.5");
    update("STANDARD_V2", "a", "n", "7");
    assertThat(get(StorageType.STANDARD_V2, "a", "n")).isEqualTo("7");
    assertThat(get(StorageType.STANDARD_V2, "a", "f")).isEqualTo("2.5");
    assertThat(get(StorageType.STANDARD_V2, "a", "t")).isEqualTo(now);
    update("STANDARD_V2", "a", "n", "8", "t", now);
    assertThat(get(StorageType.STANDARD_V2, "a", "n")).as("equal time").isEqualTo("8");
    assertThatThrownBy(() -> update("STANDARD_V2", "a", "n", "9", "t", EARLIER))
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> assertThat(e.status() + e.code()).isEqualTo("409ConflictException"));
    assertThatThrownBy(() -> update("STANDARD", "a", "n", "9")).hasMessageContaining("Standard");
  }

  @Test
  void collectionsTravelAsLists() {
    List<ObjectNode> record = record("a", NOON);
    record.add(Json.object("FeatureName", "list", "ValueAsStringList", List.of("1", "1", "2")));
    record.add(Json.object("FeatureName", "set", "ValueAsStringList", List.of("x", "y", "x")));
    record.add(Json.object("FeatureName", "vec", "ValueAsStringList", List.of("0.5", "1e3")));
    call("PUT", "/FeatureGroup/IN_MEMORY", Json.object("Record", record));
    JsonNode read =
        call("GET", "/FeatureGroup/IN_MEMORY?RecordIdentifierValueAsString=a", null).get("Record");
    assertThat(read.toString())
        .contains("[\"1\",\"1\",\"2\"]", "[\"x\",\"y\"]", "[\"0.5\",\"1e3\"]");
    record.set(4, Json.object("FeatureName", "vec", "ValueAsStringList", List.of("0.5")));
    assertThatThrownBy(() -> call("PUT", "/FeatureGroup/IN_MEMORY", Json.object("Record", record)))
        .hasMessageContaining("has 1 values, not 2");
  }

  @Test
  void aBatchFailsByEntry() {
    byte[] body =
        ("{ \"Entries\" : [ {\"FeatureGroupName\":\"STANDARD\",\"Record\":["
                + "{\"FeatureName\":\"id\",\"ValueAsString\":\"ä\"},"
                + "{\"FeatureName\":\"t\",\"ValueAsString\":\"nonsense\"}] },"
                + Json.text(
                    Json.object("Record", record("b", NOON), "FeatureGroupName", "STANDARD"))
                + "]}")
            .getBytes(StandardCharsets.UTF_8);
    JsonNode answer = call("POST", "/BatchWriteRecord", Json.read(body));
    assertThat(answer.path("Errors")).hasSize(1);
    JsonNode error = answer.path("Errors").path(0);
    assertThat(error.path("ErrorCode").asText()).isEqualTo("ValidationError");
    assertThat(error.at("/Entry/Record/0/ValueAsString").asText()).isEqualTo("ä");
    assertThat(answer.path("UnprocessedEntries")).isEmpty();
    assertThat(get(StorageType.STANDARD, "b", "id")).isEqualTo("b");
    assertThatThrownBy(() -> call("POST", "/BatchWriteRecord", Json.object()))
        .hasMessageContaining("1 to 25 entries, not 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n=1.5",
        "n=",
        "n=9223372036854775808",
        "n=x",
        "f=NaN",
        "f=1d",
        "f=--1",
        "unknown=1",
        "n=1,n=2"
      })
  void refusesWrongValues(String features) {
    List<String> more = new ArrayList<>();
    for (String feature : features.split(",", -1)) {
      more.addAll(List.of(feature.split("=", 2)));
    }
    assertThatThrownBy(() -> put(StorageType.STANDARD, "a", NOON, more.toArray(new String[0])))
        .isInstanceOfSatisfying(
            ServiceException.class, e -> assertThat(e.code()).isEqualTo("ValidationError"));
    assertThat(offlineRows).isEmpty();
  }

  @Test
  void refusesWhatIsTooLong() {
    put(StorageType.STANDARD, "a".repeat(2048), NOON, "n", "-9223372036854775808", "f", "+.5e-3");
    assertThatThrownBy(() -> put(StorageType.STANDARD, "ä".repeat(1025), NOON))
        .hasMessageContaining("1 to 2048 bytes");
    assertThatThrownBy(() -> put(StorageType.STANDARD, "a", NOON, "f", "1".repeat(400)))
        .hasMessageContaining("Fractional");
  }
}
