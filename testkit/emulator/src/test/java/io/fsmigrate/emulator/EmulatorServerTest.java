package io.fsmigrate.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.SignedClient.Answer;
import io.fsmigrate.emulator.http.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything over HTTP, with a client that signs by itself. */
class EmulatorServerTest {
  private static final String NOON = "2026-01-01T12:00:00Z";

  @TempDir private static Path directory;
  private static EmulatorServer server;
  private static SignedClient client;

  @BeforeAll
  static void start() {
    server =
        EmulatorServer.start(
            EmulatorOptions.defaults()
                .withDirectory(directory)
                .withDelays(Duration.ZERO, Duration.ZERO, Duration.ofHours(1)));
    client = new SignedClient(server.endpoint(), EmulatorOptions.DEFAULT_KEY, null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void reset() {
    client.admin("POST", "reset", null);
  }

  private static ObjectNode definition(String name, boolean offline) {
    return Json.object(
        "FeatureGroupName",
        name,
        "RecordIdentifierFeatureName",
        "Id",
        "EventTimeFeatureName",
        "t",
        "FeatureDefinitions",
        List.of(
            Map.of("FeatureName", "Id", "FeatureType", "String"),
            Map.of("FeatureName", "t", "FeatureType", "String"),
            Map.of("FeatureName", "n", "FeatureType", "Integral")),
        "OnlineStoreConfig",
        Map.of("EnableOnlineStore", true),
        "OfflineStoreConfig",
        offline ? Map.of("S3StorageConfig", Map.of("S3Uri", "s3://features/some")) : null,
        "RoleArn",
        "arn:aws:iam::123456789012:role/FeatureStore");
  }

  private static void create(String name) {
    Answer answer = client.target("SageMaker.CreateFeatureGroup", definition(name, true));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  private static ObjectNode record(String id, String time, long n) {
    return Json.object(
        "Record",
        List.of(
            Map.of("FeatureName", "Id", "ValueAsString", id),
            Map.of("FeatureName", "t", "ValueAsString", time),
            Map.of("FeatureName", "n", "ValueAsString", Long.toString(n))));
  }

  private static Answer put(String group, String id, String time, long n) {
    return client.runtime("PUT", "/FeatureGroup/" + group, record(id, time, n));
  }

  private static Answer batch(String group, int from, int count) {
    List<ObjectNode> entries = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      entries.add(record("id" + i, NOON, i).put("FeatureGroupName", group));
    }
    return client.runtime("POST", "/BatchWriteRecord", Json.object("Entries", entries));
  }

  @Test
  void controlPlaneKeepsItsRules() {
    create("a");
    assertThat(client.target("SageMaker.CreateFeatureGroup", definition("a", true)).errorType())
        .isEqualTo("ResourceInUse");
    ObjectNode reserved = definition("b", false);
    reserved
        .withArray("FeatureDefinitions")
        .addObject()
        .put("FeatureName", "write_time")
        .put("FeatureType", "String");
    assertThat(
            client.target("SageMaker.CreateFeatureGroup", reserved).body().path("message").asText())
        .contains("reserved");
    assertThat(client.target("SageMaker.CreateFeatureGroup", definition("-b", true)).errorType())
        .isEqualTo("ValidationException");
    Answer update =
        client.target(
            "SageMaker.UpdateFeatureGroup",
            Json.object(
                "FeatureGroupName",
                "a",
                "FeatureAdditions",
                List.of(Map.of("FeatureName", "more", "FeatureType", "Fractional"))));
    assertThat(update.status()).isEqualTo(200);
    JsonNode described =
        client
            .target("SageMaker.DescribeFeatureGroup", Json.object("FeatureGroupName", "a"))
            .body();
    assertThat(described.path("FeatureDefinitions")).hasSize(4);
    assertThat(described.at("/LastUpdateStatus/Status").asText()).isEqualTo("Successful");
    assertThat(described.at("/OfflineStoreConfig/S3StorageConfig/ResolvedOutputS3Uri").asText())
        .matches("s3://features/some/123456789012/sagemaker/us-east-1/offline-store/a-\\d+/data");
    for (int i = 0; i < 5; i++) {
      create("list-" + i);
    }
    JsonNode page =
        client
            .target(
                "SageMaker.ListFeatureGroups", Json.object("NameContains", "list", "MaxResults", 3))
            .body();
    assertThat(page.path("FeatureGroupSummaries")).hasSize(3);
    page =
        client
            .target(
                "SageMaker.ListFeatureGroups",
                Json.object("NameContains", "list", "NextToken", page.path("NextToken").asText()))
            .body();
    assertThat(page.path("FeatureGroupSummaries")).hasSize(2);
    assertThat(page.has("NextToken")).isFalse();
    client.target("SageMaker.DeleteFeatureGroup", Json.object("FeatureGroupName", "a"));
    assertThat(
            client
                .target("SageMaker.DescribeFeatureGroup", Json.object("FeatureGroupName", "a"))
                .errorType())
        .isEqualTo("ResourceNotFound");
  }

  @Test
  void signaturesAreChecked() {
    create("a");
    SignedClient stranger =
        new SignedClient(server.endpoint(), new EmulatorOptions.Key("who", "what"), null);
    assertThat(stranger.runtime("PUT", "/FeatureGroup/a", record("x", NOON, 1)).errorType())
        .isEqualTo("UnrecognizedClientException");
    SignedClient forger =
        new SignedClient(
            server.endpoint(),
            new EmulatorOptions.Key(EmulatorOptions.DEFAULT_KEY.accessKey(), "wrong"),
            null);
    Answer forged = forger.runtime("PUT", "/FeatureGroup/a", record("x", NOON, 1));
    assertThat(forged.status() + forged.errorType()).isEqualTo("403InvalidSignatureException");
    client.admin(
        "POST",
        "credentials",
        Map.of("accessKey", "k", "secretKey", "s", "sessionToken", "t", "expiresInSeconds", 60));
    SignedClient guest =
        new SignedClient(server.endpoint(), new EmulatorOptions.Key("k", "s"), "t");
    assertThat(guest.runtime("PUT", "/FeatureGroup/a", record("x", NOON, 1)).status())
        .isEqualTo(200);
    client.admin(
        "POST",
        "credentials",
        Map.of("accessKey", "k", "secretKey", "s", "sessionToken", "t", "expiresInSeconds", 0));
    assertThat(guest.runtime("PUT", "/FeatureGroup/a", record("x", NOON, 1)).errorType())
        .isEqualTo("ExpiredTokenException");
  }

  @Test
  void faultsReachCallsAndRecords() {
    create("a");
    client.admin("PUT", "calls", Map.of("identifiers", true));
    client.admin(
        "PUT",
        "faults",
        Map.of(
            "rules",
            List.of(
                Map.of("operation", "BatchWriteRecord", "poisonIdentifiers", List.of("id3")),
                Map.of(
                    "operation",
                    "PutRecord",
                    "latencyMillis",
                    150,
                    "errorShare",
                    1,
                    "status",
                    503,
                    "code",
                    "ServiceUnavailable"))));
    JsonNode answer = batch("a", 0, 5).body();
    assertThat(answer.at("/Errors/0/Entry/Record/0/ValueAsString").asText()).isEqualTo("id3");
    assertThat(answer.path("Errors")).hasSize(1);
    long start = System.nanoTime();
    assertThat(put("a", "x", NOON, 1).errorType()).isEqualTo("ServiceUnavailable");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
    JsonNode calls = client.admin("GET", "calls?operation=BatchWriteRecord&group=a", null).body();
    assertThat(calls.path("calls")).hasSize(1);
    assertThat(calls.at("/calls/0/identifiers")).hasSize(5);
    assertThat(calls.at("/calls/0/errors").asInt()).isEqualTo(1);

    client.admin("PUT", "faults", Map.of("rules", List.of(Map.of("unprocessedShare", 0.5))));
    answer = batch("a", 10, 25).body();
    assertThat(answer.path("UnprocessedEntries").size()).isBetween(3, 22);
    JsonNode stats = client.admin("GET", "stats", null).body();
    assertThat(stats.at("/operations/BatchWriteRecord/unprocessed").asInt())
        .isEqualTo(answer.path("UnprocessedEntries").size());
    assertThat(stats.at("/groups/a/written").asInt())
        .isEqualTo(4 + 25 - answer.path("UnprocessedEntries").size());
  }

  @Test
  void connectionsAreCutBeforeAndAfter() {
    create("a");
    client.admin("PUT", "faults", Map.of("rules", List.of(Map.of("dropShare", 1))));
    assertThat(put("a", "x", NOON, 1).status()).isZero();
    assertThat(client.admin("GET", "stats", null).body().at("/groups/a/written").asInt()).isZero();
    client.admin(
        "PUT",
        "faults",
        Map.of("rules", List.of(Map.of("dropShare", 1, "dropWhen", "after", "forCalls", 1))));
    assertThat(put("a", "x", NOON, 1).status()).isIn(0, 200);
    assertThat(client.admin("GET", "stats", null).body().at("/groups/a/written").asInt())
        .isEqualTo(1);
    client.admin("PUT", "faults", Map.of("rules", List.of(Map.of("down", true))));
    assertThat(put("a", "y", NOON, 1).status()).isZero();
    client.admin("DELETE", "faults", null);
    assertThat(put("a", "y", NOON, 1).status()).isEqualTo(200);
    assertThat(client.admin("GET", "stats", null).body().path("inFlight").asInt()).isZero();
  }

  @Test
  void quotasThrottleCallsAndHandBackEntries() {
    create("a");
    client.admin(
        "PUT",
        "quotas",
        Map.of("callsPerSecond", Map.of("GetRecord", 2), "writeUnitsPerSecond", 10));
    assertThat(batch("a", 0, 25).body().path("UnprocessedEntries")).hasSize(15);
    assertThat(put("a", "x", NOON, 1).errorType()).isEqualTo("ThrottlingException");
    int throttled = 0;
    for (int i = 0; i < 5; i++) {
      Answer answer =
          client.runtime("GET", "/FeatureGroup/a?RecordIdentifierValueAsString=id1", null);
      throttled += answer.errorType().equals("ThrottlingException") ? 1 : 0;
    }
    assertThat(throttled).isPositive();
    assertThat(
            client
                .admin("GET", "stats", null)
                .body()
                .at("/operations/GetRecord/outcomes/ThrottlingException")
                .asInt())
        .isEqualTo(throttled);
  }

  @Test
  void permissionsAreDenied() {
    create("a");
    client.admin(
        "PUT",
        "denials",
        Map.of("denials", List.of(Map.of("operation", "PutRecord", "group", "a"))));
    assertThat(put("a", "x", NOON, 1).errorType()).isEqualTo("AccessForbidden");
    assertThat(batch("a", 0, 2).body().at("/Errors/1/ErrorCode").asText())
        .isEqualTo("AccessForbidden");
  }

  @Test
  void recordsGoInAndOutInBulk() throws Exception {
    create("a");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      lines.append(Json.text(record("id" + i, NOON, i))).append('\n');
    }
    Answer loaded = client.admin("POST", "load/a", lines.toString());
    assertThat(loaded.body().path("loaded").asInt()).isEqualTo(500);
    assertThat(client.adminText("records/a").lines())
        .hasSize(500)
        .allMatch(line -> line.contains(NOON));
    assertThat(client.admin("GET", "calls?operation=PutRecord", null).body().path("calls"))
        .isEmpty();
    assertThat(client.admin("POST", "load/a", "{\"Record\":[]}").errorType())
        .isEqualTo("ValidationError");
  }

  @Test
  void rowsBecomeFilesAndTables() throws Exception {
    create("Flights");
    for (int i = 0; i < 3; i++) {
      put("Flights", "id" + i, "2026-01-01T1%d:00:00Z".formatted(i), i);
    }
    JsonNode before = query("SELECT * FROM %s");
    assertThat(before.path("Rows")).hasSize(4);
    client.target(
        "SageMaker.UpdateFeatureGroup",
        Json.object(
            "FeatureGroupName",
            "Flights",
            "FeatureAdditions",
            List.of(Map.of("FeatureName", "More", "FeatureType", "String"))));
    client.runtime(
        "DELETE",
        "/FeatureGroup/Flights?EventTime=2026-01-02T00%3A00%3A00Z&RecordIdentifierValueAsString=id0",
        null);
    JsonNode rows =
        query("SELECT id, n, more, is_deleted, day, hour FROM %s ORDER BY t").path("Rows");
    assertThat(text(rows.get(0))).containsExactly("id", "n", "more", "is_deleted", "day", "hour");
    assertThat(text(rows.get(1))).containsExactly("id0", "0", null, "false", "01", "10");
    assertThat(text(rows.get(4))).containsExactly("id0", null, null, "true", "02", "00");
    assertThat(
            text(
                query("SELECT count(*), sum(n) AS s FROM %s WHERE hour = '11'")
                    .path("Rows")
                    .get(0)))
        .containsExactly("_col0", "s");
    try (Stream<Path> files = Files.walk(directory.resolve("features"))) {
      assertThat(
              files
                  .map(Path::toString)
                  .filter(file -> file.endsWith(".parquet") && file.contains("Flights-")))
          .hasSize(4)
          .anyMatch(file -> file.contains("/data/year=2026/month=01/day=01/hour=12/"));
    }
  }

  private static List<String> text(JsonNode row) {
    List<String> values = new ArrayList<>();
    row.path("Data").forEach(cell -> values.add(cell.path("VarCharValue").asText(null)));
    return values;
  }

  private static String table() {
    return client
        .target("SageMaker.DescribeFeatureGroup", Json.object("FeatureGroupName", "Flights"))
        .body()
        .at("/OfflineStoreConfig/DataCatalogConfig/TableName")
        .asText();
  }

  private static JsonNode start(String sql) throws InterruptedException {
    Answer started =
        client.target(
            "AmazonAthena.StartQueryExecution",
            Json.object(
                "QueryString", sql.formatted(table()),
                "QueryExecutionContext", Map.of("Database", "sagemaker_featurestore"),
                "ResultConfiguration", Map.of("OutputLocation", "s3://results/x")));
    assertThat(started.status()).as(started.body().toString()).isEqualTo(200);
    for (int i = 0; i < 1000; i++) {
      JsonNode query =
          client
              .target("AmazonAthena.GetQueryExecution", started.body())
              .body()
              .get("QueryExecution");
      if (!List.of("QUEUED", "RUNNING").contains(query.at("/Status/State").asText())) {
        return query;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("The query does not end");
  }

  private static JsonNode query(String sql) throws InterruptedException {
    JsonNode query = start(sql);
    assertThat(query.at("/Status/State").asText()).as(query.toString()).isEqualTo("SUCCEEDED");
    return client
        .target(
            "AmazonAthena.GetQueryResults",
            Json.object("QueryExecutionId", query.path("QueryExecutionId").asText()))
        .body()
        .get("ResultSet");
  }

  @Test
  void queriesEndInOtherWays() throws Exception {
    create("Flights");
    put("Flights", "a", NOON, 1);
    String unload = "UNLOAD (SELECT * FROM %s) TO 's3://results/un' WITH (format = 'PARQUET')";
    client.admin("PUT", "faults", Map.of("athena", Map.of("halfUnload", true)));
    assertThat(start(unload).at("/Status/State").asText()).isEqualTo("FAILED");
    assertThat(start(unload).at("/Status/StateChangeReason").asText())
        .startsWith("HIVE_PATH_ALREADY_EXISTS");
    JsonNode unloaded = start(unload.replace("/un'", "/other'"));
    assertThat(unloaded.at("/Status/State").asText()).isEqualTo("SUCCEEDED");
    assertThat(unloaded.at("/Statistics/DataManifestLocation").asText()).endsWith("-manifest.csv");
    client.admin("PUT", "faults", Map.of("athena", Map.of("failNextQuery", "No reason")));
    assertThat(start("SELECT 1").at("/Status/StateChangeReason").asText()).isEqualTo("No reason");
    client.admin("PUT", "faults", Map.of("athena", Map.of("cancelNextQuery", true)));
    assertThat(start("SELECT 1").at("/Status/State").asText()).isEqualTo("CANCELLED");
    assertThat(start("SELECT nothing FROM %s").at("/Status/StateChangeReason").asText())
        .startsWith("COLUMN_NOT_FOUND");
  }

  @Test
  void icebergTablesAreDefinedAndNotWritten() {
    ObjectNode definition = definition("ice", true);
    definition.withObject("/OfflineStoreConfig").put("TableFormat", "Iceberg");
    client.target("SageMaker.CreateFeatureGroup", definition);
    assertThat(put("ice", "a", NOON, 1).status()).isEqualTo(200);
    client.admin("POST", "flush", null);
    assertThat(
            client
                .target("SageMaker.DescribeFeatureGroup", Json.object("FeatureGroupName", "ice"))
                .body()
                .at("/OfflineStoreConfig/TableFormat")
                .asText())
        .isEqualTo("Iceberg");
    Path features = directory.resolve("features/some");
    assertThat(features.toFile().exists() ? features.toFile().list() : new String[0])
        .noneMatch(name -> name.startsWith("ice"));
  }

  @Test
  void creationFailsOnDemand() {
    client.admin("PUT", "faults", Map.of("rules", List.of(Map.of("failCreation", "No such role"))));
    create("a");
    JsonNode described =
        client
            .target("SageMaker.DescribeFeatureGroup", Json.object("FeatureGroupName", "a"))
            .body();
    assertThat(described.path("FeatureGroupStatus").asText()).isEqualTo("CreateFailed");
    assertThat(described.path("FailureReason").asText()).isEqualTo("No such role");
    assertThat(put("a", "x", NOON, 1).errorType()).isEqualTo("ValidationError");
  }
}
