package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of real processes that are killed by kill -9 at named points and resumed; see SoakIT. */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeTest {
  private Path root;
  private Readings readings;
  private KilledRun.Undisturbed undisturbed;

  @BeforeAll
  void migrateUndisturbed(SparkSession spark, @TempDir Path directory) throws Exception {
    root = directory;
    readings = Readings.few(spark, root.resolve("input"));
    Sandbox calm = readings.sandbox(root.resolve("undisturbed"));
    JsonNode report = calm.json(3, "migrate", readings.source(), Readings.TARGET);
    assertThat(report.at("/offline/failed").asLong()).isEqualTo(Sandbox.FAILING);
    assertThat(report.at("/online/online/newest").asLong()).isEqualTo(97);
    undisturbed = KilledRun.undisturbed(readings, calm, report, List.of());
    assertThat(undisturbed.buckets()).isGreaterThan(2);
  }

  static Stream<Kill> kills() {
    return Stream.of(
        Kill.at(1, "OFFLINE_WRITTEN/offline:2"),
        Kill.at(2, "REF_MOVED/:1"),
        Kill.at(3, "ONLINE_WRITTEN/online:1"),
        Kill.at(4, "RECORDED/online:1"),
        Kill.at(5, "RECORDED/offline:1").thenAt("ONLINE_WRITTEN/online:2"));
  }

  @ParameterizedTest
  @MethodSource("kills")
  void aRunThatIsKilledLeavesWhatOneLeavesThatIsLeftAlone(Kill kill) throws Exception {
    Path directory = root.resolve("kill-" + kill.number());

    KilledRun.Outcome outcome =
        new KilledRun(readings, List.of(), undisturbed, directory).kill(kill, true);

    assertThat(outcome.fell()).hasSize(kill.again().isPresent() ? 2 : 1).doesNotContain("missed");
    assertThat(outcome.faults()).isEmpty();
    if (kill.number() == 4) {
      assertThat(outcome.finished()).isPositive();
    }
  }
}
