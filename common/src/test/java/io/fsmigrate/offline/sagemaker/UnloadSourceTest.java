package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroups;
import io.fsmigrate.sagemaker.SageMakerSettings;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.FeatureType;

/** Offline stores of the emulator: through Athena, with online records, and as a target. */
@ExtendWith(SparkExtension.class)
class UnloadSourceTest {
  private static final String UNLOADS = "s3://" + Emulator.BUCKET + "/unloads";
  private static final String[] FEATURES = {"id String", "at String", "n Integral"};
  private static final AtomicInteger GROUPS = new AtomicInteger();

  @TempDir static Path shared;
  private static Emulator emulator;
  private static AwsClients clients;
  private static AthenaQueries athena;

  @TempDir Path dir;
  private final SparkSession session;

  UnloadSourceTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @BeforeAll
  static void start(SparkSession spark) throws Exception {
    emulator = Emulator.start(shared);
    emulator.configure(spark.sparkContext().hadoopConfiguration());
    clients = new AwsClients(emulator.access());
    athena = queries();
  }

  @AfterAll
  static void stop() {
    athena.close();
    clients.close();
    emulator.close();
  }

  @AfterEach
  void withoutFaults() throws Exception {
    emulator.admin("DELETE", "faults", "");
  }

  @Test
  void unloadsWhatIsNotDeleted() throws Exception {
    FeatureGroupDescription group = group(FEATURES);
    deletions(group);
    SageMakerSource source = describe(group, Optional.of("n >= 3"), "unload");
    assertThat(source.pushedDown()).contains("(\"n\" >= 3)");
    assertThat(source.planned().snapshot().rows()).isEmpty();
    assertThat(emulator.calls("StartQueryExecution")).isEmpty();

    OfflineSource staged = source.stage(run("r1"));

    assertThat(texts(staged))
        .containsExactlyInAnyOrder(
            "[back,2024-01-01T00:10:00Z,4]",
            "[back,2024-01-01T04:00:00Z,7]",
            "[late,2024-01-01T05:00:00.001Z,5]",
            "[null,2024-01-01T05:00:00Z,6]");
    assertThat(staged.leavesOutRows()).isFalse();
    assertThat(texts(describe(group, Optional.empty(), "direct").stage(run("r0")))).hasSize(5);

    // The second call takes what is there, and nothing is left in the end.
    assertThat(texts(describe(group, Optional.of("n >= 3"), "unload").stage(run("r1")))).hasSize(4);
    assertThat(emulator.calls("StartQueryExecution")).hasSize(1);
    source.remove(run("r1"));
    assertThat(keys("unloads/r1")).isEmpty();
  }

  @Test
  void anEmptyGroupUnloadsNothing() throws Exception {
    OfflineSource staged =
        describe(group(FEATURES), Optional.empty(), "unload").stage(run("empty"));

    assertThat(staged.slices()).isEmpty();
    assertThat(texts(staged)).isEmpty();
  }

  @Test
  void writesAgainWhatAFailedQueryLeft() throws Exception {
    FeatureGroupDescription group = group(FEATURES);
    deletions(group);
    emulator.admin("PUT", "faults", "{\"athena\":{\"halfUnload\":true}}");
    SageMakerSource source = describe(group, Optional.empty(), "unload");

    assertThatThrownBy(() -> source.stage(run("half")))
        .hasFieldOrPropertyWithValue("code", "ATHENA_QUERY_FAILED")
        .hasMessageContaining("Injected failure");
    assertThat(keys("unloads/half")).containsExactly("unloads/half/rows-1.started.json");

    emulator.admin("DELETE", "faults", "");
    assertThat(texts(source.stage(run("half")))).hasSize(5);
  }

  @Test
  void aPrefixWithoutItsMarkIsWrittenAgain() throws Exception {
    FeatureGroupDescription group = group(FEATURES);
    deletions(group);
    SageMakerSource source = describe(group, Optional.empty(), "unload");
    source.stage(run("killed"));
    fs().delete(s3("unloads/killed/rows-1.json"), false);

    assertThat(texts(source.stage(run("killed")))).hasSize(5);
    assertThat(keys("unloads/killed"))
        .noneMatch(key -> key.contains("/rows-1/"))
        .anyMatch(key -> key.endsWith("/rows-2.json"));
  }

  @Test
  void saysWhoCancelledAndWhoCanMend() throws Exception {
    FeatureGroupDescription group = group(FEATURES);
    SageMakerSource source = describe(group, Optional.empty(), "unload");
    emulator.admin("PUT", "faults", "{\"athena\":{\"cancelNextQuery\":true}}");
    assertThatThrownBy(() -> source.stage(run("cancelled")))
        .hasFieldOrPropertyWithValue("code", "ATHENA_QUERY_CANCELLED")
        .hasFieldOrPropertyWithValue("exitCode", ExitCode.UNAVAILABLE);

    emulator.admin(
        "PUT", "faults", "{\"athena\":{\"failNextQuery\":\"Access Denied (Service: S3)\"}}");
    assertThatThrownBy(() -> source.stage(run("denied")))
        .hasFieldOrPropertyWithValue("exitCode", ExitCode.USAGE)
        .hasMessageContaining("allow the job's role");
  }

  @Test
  void anInterruptionCancelsTheQuery() throws Exception {
    emulator.admin("PUT", "faults", "{\"athena\":{\"queryDelayMillis\":60000}}");
    String id =
        athena.start(
            new AthenaQueries.Statement(
                "test", "SELECT 1", "AwsDataCatalog", "default", "t".repeat(40)));
    List<String> states = new ArrayList<>();

    assertThatThrownBy(
            () ->
                athena.await(
                    id,
                    "test",
                    progress -> {
                      states.add(progress.state());
                      Thread.currentThread().interrupt();
                    }))
        .hasFieldOrPropertyWithValue("exitCode", ExitCode.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> athena.await(id, "test", p -> states.add(p.state())))
        .hasFieldOrPropertyWithValue("code", "ATHENA_QUERY_CANCELLED");
    assertThat(states.get(0)).isIn("QUEUED", "RUNNING");
  }

  @Test
  void hybridAddsOnlineRecordsThatAreNewerOrNew() throws Exception {
    FeatureGroupDescription group = group(FEATURES);
    deletions(group);
    OnlineRecords online =
        new HeldRecords(
            Map.of(
                "kept", record("kept", "2024-01-01T00:10:00Z", "1"),
                "gone", record("gone", "2024-01-01T09:00:00Z", "8"),
                "fresh", record("fresh", "2024-01-01T09:00:00Z", "9"),
                "late", record("late", "2024-01-01T04:00:00Z", "0")));
    for (String read : List.of("direct", "unload")) {
      SageMakerSource source =
          describe(group, Optional.empty(), Optional.of(online), "read", read, "shape", "hybrid");

      assertThat(texts(source.stage(run("hybrid-" + read))))
          .as(read)
          .containsExactlyInAnyOrder(
              "[kept,2024-01-01T00:10:00Z,1]",
              "[back,2024-01-01T00:10:00Z,4]",
              "[back,2024-01-01T04:00:00Z,7]",
              "[late,2024-01-01T05:00:00.001Z,5]",
              "[null,2024-01-01T05:00:00Z,6]",
              // Brought back online: its rows count again.
              "[gone,2024-01-01T00:10:00Z,2]",
              "[gone,2024-01-01T02:00:00Z,3]",
              "[gone,2024-01-01T09:00:00Z,8]",
              "[fresh,2024-01-01T09:00:00Z,9]");
    }
  }

  @Test
  void onlineRecordsAloneAreReadOnce() throws Exception {
    FeatureGroupDescription group =
        Groups.visits(
            Groups.online("InMemory"),
            Optional.empty(),
            "id String",
            "at String",
            "v Vector<Fractional>");
    OnlineRecords.Values record =
        new OnlineRecords.Values(
            Map.of("id", "a", "at", "2024-01-01T00:00:00Z"), Map.of("v", List.of("1.5", "2.0")));
    SageMakerSource source =
        describe(group, Optional.empty(), Optional.of(new HeldRecords(Map.of("a", record))));

    assertThat(texts(source.stage(run("online"))))
        .containsExactly("[a,2024-01-01T00:00:00Z,ArraySeq(1.5, 2.0)]");
    SageMakerSource later =
        describe(group, Optional.empty(), Optional.of(new HeldRecords(Map.of())));
    assertThat(texts(later.stage(run("online")))).hasSize(1);
  }

  @Test
  void aTargetGainsOnlyRowsThatItLacks() throws Exception {
    FeatureGroupDescription group = group("id String", "at String", "flag Integral", "m String");
    VersionedGroup version =
        DirectSourceTest.version(
            "id: string", "at: timestamp", "flag: boolean", "m: map<int,decimal(4,2)>");
    String table = dir.resolve("table").toString();
    session
        .sql(
            "SELECT string(id) AS id, timestamp_millis(1704067200000 + id * 1800500) AS at, id % 2 = 0 AS flag, map(int(id), cast(id / 4 AS decimal(4,2))) AS m FROM range(10)")
        .selectExpr("id", "at", "flag", "cast(m AS map<int,decimal(4,2)>) AS m")
        .write()
        .format("delta")
        .save(table);
    DeltaSource source = DeltaSource.open(session, table, Optional.empty());
    GlueTarget target = GlueTarget.open(session, group, version, settings());
    Instant now = Instant.parse("2026-01-02T03:04:05Z");

    GlueTarget.Written first = target.write(source, run("w1"), now);
    assertThat(first.written()).isEqualTo(10);
    assertThat(first.unchanged()).isZero();
    // Half hours of five hours: no more files than that.
    assertThat(first.files()).isBetween(5L, 6L);
    String data = group.offline().orElseThrow().location().replaceFirst("s3://[^/]+/", "");
    assertThat(keys(data)).allMatch(key -> key.contains("/year=2024/month=01/day=01/hour=0"));

    // Done already; by another run; and by one that died after some files.
    assertThat(target.write(source, run("w1"), now)).isEqualTo(first);
    GlueTarget.Written second = target.write(source, run("w2"), now);
    assertThat(second).isEqualTo(new GlueTarget.Written(10, 0, 10, 0));
    fs().delete(s3(keys(data).get(0)), false);
    java.nio.file.Files.delete(dir.resolve("w1/offline-written.json"));
    assertThat(target.write(source, run("w1"), now).written()).isEqualTo(10);

    assertThat(decoded(describe(group, version, "direct").stage(run("back")), version))
        .containsExactlyInAnyOrderElementsOf(
            session.read().format("delta").load(table).collectAsList().stream()
                .map(Object::toString)
                .toList());
    assertThat(texts(describe(group, Optional.of("flag = 1"), "unload").stage(run("athena"))))
        .hasSize(5)
        .contains("[2,2024-01-01T01:00:01Z,1,{\"2\":\"0.50\"}]");
  }

  @Test
  void aTargetOfOtherTypesOrOfIcebergIsRefused() throws Exception {
    VersionedGroup version =
        DirectSourceTest.version("id: string", "at: timestamp", "n: double", "l: array<int>");
    FeatureGroupDescription group =
        Groups.visits(Optional.empty(), Groups.glue("s3://nowhere/data"), FEATURES);
    assertThatThrownBy(() -> GlueTarget.open(session, group, version, settings()))
        .hasMessageContaining("n Integral, where double needs Fractional")
        .hasMessageContaining("l array<int> is a collection");
    FeatureGroupDescription iceberg = Groups.visits(Optional.empty(), Groups.iceberg(), FEATURES);
    assertThatThrownBy(() -> GlueTarget.open(session, iceberg, version, settings()))
        .hasFieldOrPropertyWithValue("code", "TARGET_IS_ICEBERG")
        .hasMessageContaining("nothing was written");
  }

  private static List<String> decoded(OfflineSource source, VersionedGroup version) {
    var rows = source.read(UnitPacking.single(source.slices()).get(0));
    for (var decoding : source.decodings()) {
      rows =
          rows.withColumn(decoding.column(), decoding.value().apply(Rows.named(decoding.column())));
    }
    return rows.collectAsList().stream().map(Object::toString).toList();
  }

  /** Online records that a test holds. */
  private record HeldRecords(Map<String, OnlineRecords.Values> records) implements OnlineRecords {
    HeldRecords {
      records = Map.copyOf(records);
    }

    @Override
    public boolean listsIdentifiers() {
      return true;
    }

    @Override
    public Iterator<String> identifiers() {
      return records.keySet().iterator();
    }

    @Override
    public Iterator<Values> records(Iterator<String> identifiers) {
      List<Values> found = new ArrayList<>();
      identifiers.forEachRemaining(
          id -> Optional.ofNullable(records.get(id)).ifPresent(found::add));
      return found.iterator();
    }
  }

  private static OnlineRecords.Values record(String id, String at, String n) {
    return new OnlineRecords.Values(Map.of("id", id, "at", at, "n", n), Map.of());
  }

  private void deletions(FeatureGroupDescription group) {
    rows(group)
        .add(
            "id, at, n",
            "'kept', '2024-01-01T00:10:00Z', 1L, false",
            "'gone', '2024-01-01T00:10:00Z', 2L, false",
            "'gone', '2024-01-01T02:00:00Z', 3L, false",
            "'back', '2024-01-01T00:10:00Z', 4L, false",
            "'late', '2024-01-01T05:00:00.001Z', 5L, false",
            "cast(null AS string), '2024-01-01T05:00:00Z', 6L, false",
            "'gone', '2024-01-01T03:00:00Z', cast(null AS bigint), true",
            "'back', '2024-01-01T03:00:00Z', cast(null AS bigint), true",
            "'late', '2024-01-01T05:00:00Z', cast(null AS bigint), true",
            "'back', '2024-01-01T04:00:00Z', 7L, false");
  }

  private OfflineRows rows(FeatureGroupDescription group) {
    return new OfflineRows(session, settings().path(group.offline().orElseThrow().location()));
  }

  /** A group of the emulator's with an offline store of its own. */
  private FeatureGroupDescription group(String... features) throws Exception {
    emulator.admin("DELETE", "calls", "");
    String name = "visits-" + GROUPS.incrementAndGet();
    try (SageMakerClient control = clients.sageMaker();
        FeatureGroups groups = new FeatureGroups(emulator.access(), clients)) {
      control.createFeatureGroup(
          r ->
              r.featureGroupName(name)
                  .recordIdentifierFeatureName("id")
                  .eventTimeFeatureName("at")
                  .roleArn("arn:aws:iam::123456789012:role/test")
                  .featureDefinitions(
                      Groups.features(features).stream()
                          .map(
                              f ->
                                  software.amazon.awssdk.services.sagemaker.model.FeatureDefinition
                                      .builder()
                                      .featureName(f.name())
                                      .featureType(FeatureType.fromValue(f.type()))
                                      .build())
                          .toList())
                  .onlineStoreConfig(o -> o.enableOnlineStore(true))
                  .offlineStoreConfig(
                      o -> o.s3StorageConfig(s -> s.s3Uri("s3://" + Emulator.BUCKET + "/store"))));
      for (int i = 0; i < 100; i++) {
        FeatureGroupDescription description = groups.describe(name);
        if (description.status().equals("Created")) {
          return description;
        }
        Thread.sleep(50);
      }
      throw new AssertionError(name + " is not created");
    }
  }

  private static SageMakerSettings settings(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("unload-location", UNLOADS, "output-location", UNLOADS + "-output"));
    all.addAll(List.of(more));
    return Groups.settings(all.toArray(String[]::new));
  }

  private SageMakerSource describe(
      FeatureGroupDescription group, Optional<String> filter, String read) {
    return describe(group, filter, Optional.empty(), "read", read);
  }

  private SageMakerSource describe(
      FeatureGroupDescription group, VersionedGroup version, String read) {
    return SageMakerSource.describe(
        session,
        new SageMakerSource.Request(
            group, Optional.of(version), Optional.empty(), Optional.empty()),
        settings("read", read),
        new SageMakerSource.Services(UnloadSourceTest::queries, Optional.empty(), progress -> {}));
  }

  private SageMakerSource describe(
      FeatureGroupDescription group,
      Optional<String> filter,
      Optional<OnlineRecords> online,
      String... settings) {
    return SageMakerSource.describe(
        session,
        new SageMakerSource.Request(group, Optional.empty(), filter, Optional.empty()),
        settings(settings),
        new SageMakerSource.Services(UnloadSourceTest::queries, online, progress -> {}));
  }

  private static AthenaQueries queries() {
    return new AthenaQueries(emulator.access(), clients, settings());
  }

  private org.apache.hadoop.fs.Path run(String name) {
    return new org.apache.hadoop.fs.Path(dir.resolve(name).toUri());
  }

  private FileSystem fs() throws IOException {
    return s3("").getFileSystem(session.sparkContext().hadoopConfiguration());
  }

  private static org.apache.hadoop.fs.Path s3(String key) {
    return new org.apache.hadoop.fs.Path("s3a://" + Emulator.BUCKET + "/" + key);
  }

  private List<String> keys(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    if (fs().exists(s3(prefix))) {
      RemoteIterator<LocatedFileStatus> files = fs().listFiles(s3(prefix), true);
      while (files.hasNext()) {
        keys.add(files.next().getPath().toUri().getPath().substring(1));
      }
    }
    return keys;
  }

  private static List<String> texts(OfflineSource source) {
    return source.read(UnitPacking.single(source.slices()).get(0)).collectAsList().stream()
        .map(Object::toString)
        .toList();
  }
}
