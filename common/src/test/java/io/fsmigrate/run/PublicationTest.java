package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Stores that get what a branch shows, and what they then serve. */
@ExtendWith(SparkExtension.class)
class PublicationTest {
  /** Two rows of each of 120 visits. */
  private static final String ROWS =
      """
      SELECT concat('r', id % 120) AS id,
             timestamp_seconds(1767225600 + (id div 120) * 3600) AS at,
             id AS n,
             id / 4D AS x
      FROM range(240)
      """;

  private static final FeatureVersion SECOND = new FeatureVersion("2.0.0");

  @TempDir Path dir;
  private final SparkSession spark;
  private MigrationHouse house;

  PublicationTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void build() {
    house = new MigrationHouse(dir, spark);
    house.migrate(MigrationHouse.request(house.parquet("rows", ROWS, 2), "visits@1.0.0"));
  }

  private static PublishRequest to(String... stores) {
    return request(WriteMode.APPEND, false, stores);
  }

  private static PublishRequest request(WriteMode mode, boolean inPlace, String... stores) {
    return new PublishRequest("visits", List.of(stores), mode, inPlace, StaleCheck.NONE);
  }

  private static RunListener failingAt(RunEvent.Kind kind, int occurrence, String store) {
    AtomicInteger seen = new AtomicInteger();
    return event -> {
      if (event.kind() == kind
          && event.store().equals(store)
          && seen.incrementAndGet() == occurrence) {
        throw new IllegalStateException("the process ends at " + kind);
      }
    };
  }

  private static List<Object> ids() {
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      ids.add("r" + i);
    }
    return ids;
  }

  private static ServingSwitch.Request serve(String... stores) {
    return new ServingSwitch.Request("visits", List.of(stores), false, false);
  }

  private List<String> served(String... stores) {
    return house.serving().show("visits", List.of(stores)).stream()
        .map(store -> store.now().map(Served::address).orElse("nothing"))
        .toList();
  }

  @Test
  void aPublicationGivesEachStoreTheNewestRecordsAndLetsItServeThem() {
    PublishPlan plan = house.publishPlanner().plan(to("online", "second")).plan();
    RunReport report = house.publish(to("online", "second", "online"), event -> {});

    assertThat(plan.address()).isEqualTo("main:visits@1.0.0");
    assertThat(plan.rows()).isEqualTo(240);
    assertThat(plan.writes()).anyMatch(line -> line.contains("second (sqlite): the newest record"));
    assertThat(plan.clears()).isEmpty();
    assertThat(report.online().keySet()).containsExactly("online", "second");
    assertThat(report.online().get("second"))
        .containsEntry("newest", 120L)
        .containsEntry("superseded", 120L)
        .containsEntry("written", 120L);
    assertThat(report.serving()).allMatch(RunReport.Serving::moved);
    assertThat(house.online("second", "1.0.0", ids()))
        .hasSize(120)
        .contains("[r7, 2026-01-01T01:00:00Z, 127, 31.75]");
    assertThat(served("online", "second")).containsExactly("visits@1.0.0", "visits@1.0.0");
    assertThat(house.newestRun().command()).isEqualTo("publish");
  }

  @Test
  void aPublicationThatEndsIsResumedWhereItWas() {
    for (RunEvent.Kind kind :
        List.of(RunEvent.Kind.STARTED, RunEvent.Kind.ONLINE_WRITTEN, RunEvent.Kind.RECORDED)) {
      String store = kind == RunEvent.Kind.STARTED ? "" : "second";
      assertThatThrownBy(() -> house.publish(to("online", "second"), failingAt(kind, 1, store)))
          .hasMessageContaining("the process ends at " + kind);
      String run = house.newestRun().id();
      List<String> skipped = new ArrayList<>();

      RunReport report =
          house.resumePublication(
              run,
              event -> {
                if (event.kind() == RunEvent.Kind.SKIPPED) {
                  skipped.add(event.store());
                }
              });

      assertThat(report.run()).isEqualTo(run);
      assertThat(report.online().get("online")).containsEntry("written", 120L);
      assertThat(report.online().get("second")).containsEntry("written", 120L);
      assertThat(skipped.contains("online")).isEqualTo(kind != RunEvent.Kind.STARTED);
      assertThat(house.online("second", "1.0.0", ids())).hasSize(120);
    }
  }

  @Test
  void aMigrationIsNotResumedAsAPublication() {
    String migration = house.newestRun().id();

    assertThatThrownBy(() -> house.resumePublication(migration, event -> {}))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("RUN_OF_OTHER_COMMAND");
              assertThat(e.getMessage()).contains("migrate --resume-from " + migration);
            });
  }

  @Test
  void clearingIsToldAndDoneOnce() {
    house.publish(to("online"), event -> {});
    PublishRequest clearing = request(WriteMode.REPLACE, false, "online");

    PublishPlan plan = house.publishPlanner().plan(clearing).plan();
    assertThatThrownBy(
            () -> house.publish(clearing, failingAt(RunEvent.Kind.ONLINE_WRITTEN, 1, "online")))
        .hasMessageContaining("the process ends");
    RunReport report = house.resumePublication(house.newestRun().id(), event -> {});

    assertThat(plan.clears()).containsExactly("120 records of online store online");
    assertThat(report.online().get("online"))
        .containsEntry("cleared", 120L)
        .containsEntry("written", 120L);
    assertThat(house.online("1.0.0", ids())).hasSize(120);
  }

  @Test
  void anotherVersionIsServedWhenSomebodySwitchesAndGoesBack() {
    house.publish(to("online", "second"), event -> {});
    assertThatThrownBy(() -> house.serving().to(serve("online"), SECOND))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("SERVING_REFUSED"))
        .hasMessageContaining("visits@2.0.0");

    house.migrate(MigrationHouse.request("visits@1.0.0", "visits@2.0.0"));

    assertThat(served("online", "second")).containsExactly("visits@1.0.0", "visits@1.0.0");
    ServingSwitch.Request dryRun =
        new ServingSwitch.Request("visits", List.of("online"), true, false);
    assertThat(house.serving().to(dryRun, SECOND)).noneMatch(StoreServing::moved);
    assertThat(served("online")).containsExactly("visits@1.0.0");
    assertThat(house.serving().to(serve("online"), SECOND)).allMatch(StoreServing::moved);
    assertThat(served("online", "second")).containsExactly("visits@2.0.0", "visits@1.0.0");
    assertThat(house.serving().to(serve("online"), SECOND)).noneMatch(StoreServing::moved);
    assertThat(house.serving().back(serve("online"))).allMatch(StoreServing::moved);
    assertThat(served("online")).containsExactly("visits@1.0.0");
    assertThatThrownBy(() -> house.serving().back(serve("second")))
        .isInstanceOf(FsMigrateException.class)
        .hasMessageContaining("second");
  }

  /** A plan alone says nothing about what is in a store. */
  @Test
  void aRunThatNeverReachedTheStoreDoesNotStandInTheWay() {
    house.publish(to("online"), event -> {});
    house.migrate(MigrationHouse.request("visits@1.0.0", "visits@2.0.0"));
    assertThatThrownBy(() -> house.publish(to("online"), failingAt(RunEvent.Kind.STARTED, 1, "")))
        .hasMessageContaining("the process ends");

    assertThat(house.serving().to(serve("online"), SECOND)).allMatch(StoreServing::moved);
    assertThat(served("online")).containsExactly("visits@2.0.0");
  }

  @Test
  void aRunThatReachedItAndDidNotEndDoes() {
    house.publish(to("online"), event -> {});
    house.migrate(MigrationHouse.request("visits@1.0.0", "visits@2.0.0"));
    assertThatThrownBy(
            () -> house.publish(to("online"), failingAt(RunEvent.Kind.RECORDED, 1, "online")))
        .hasMessageContaining("the process ends");

    assertThatThrownBy(() -> house.serving().to(serve("online"), SECOND))
        .hasMessageContaining(house.newestRun().id());
    ServingSwitch.Request forced =
        new ServingSwitch.Request("visits", List.of("online"), false, true);
    assertThat(house.serving().to(forced, SECOND)).allMatch(StoreServing::moved);
  }

  @Test
  void whatDoesMoreThanAddFeaturesIsNotWrittenInPlace() {
    house.publish(to("online"), event -> {});
    house.migrate(MigrationHouse.request("visits@1.0.0", "feature/two:visits@2.0.0"));
    PublishRequest inPlace =
        new PublishRequest(
            "feature/two:visits", List.of("online"), WriteMode.APPEND, true, StaleCheck.NONE);
    PublishRequest none = request(WriteMode.APPEND, true, "second");

    assertThatThrownBy(() -> house.publish(inPlace, event -> {}))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REFUSED"));
    assertThatThrownBy(() -> house.publish(none, event -> {}))
        .hasMessageContaining("serves no version of visits yet");
  }
}
