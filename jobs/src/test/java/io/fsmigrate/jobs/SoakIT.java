package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.state.Json;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many runs that are killed, each taken up and held against one that was left alone. Not part of
 * the usual tests; docs/soak.md says how it is started, in parts if need be.
 */
@ExtendWith(SparkExtension.class)
class SoakIT {
  private static final long SEED = Long.getLong("soak.seed", 20261121L);
  private static final int KILLS = Integer.getInteger("soak.kills", 80);
  private static final int PART = Integer.getInteger("soak.part", 1);
  private static final int PARTS = Integer.getInteger("soak.parts", 1);
  private static final long ROWS = Long.getLong("soak.rows", 300_000L);
  private static final int FILES = 48;
  private static final boolean CLUSTER =
      System.getProperty("soak.master", "local").equals("cluster");

  private record Summary(
      long seed,
      String master,
      int part,
      int parts,
      int kills,
      int resumes,
      int missed,
      int betweenFirstUnitAndLastOnlineWrite,
      Map<String, Integer> fell,
      int finishedBuckets,
      long rows,
      long undisturbedMillis,
      int buckets,
      long records,
      List<KilledRun.Outcome> differences) {}

  @Test
  void killedRunsLeaveWhatOneLeavesThatIsLeftAlone(SparkSession spark, @TempDir Path directory)
      throws Exception {
    try (PostgresServer postgres = PostgresServer.start(Map.of())) {
      Readings readings = Readings.many(spark, directory.resolve("input"), ROWS, FILES, postgres);
      if (!CLUSTER) {
        soak(readings, List.of(), directory);
        return;
      }
      try (ProcessCluster cluster =
          ProcessCluster.start(Files.createDirectory(directory.resolve("cluster")), 2)) {
        soak(readings, cluster.driverOptions(), directory);
      }
    }
  }

  private static void soak(Readings readings, List<String> options, Path directory)
      throws Exception {
    KilledRun.Undisturbed undisturbed =
        KilledRun.leaveAlone(readings, options, directory.resolve("undisturbed"));
    List<KilledRun.Outcome> outcomes = new ArrayList<>();
    for (int number = PART; number <= KILLS; number += PARTS) {
      Kill kill = Kill.seeded(SEED, number, undisturbed.events());
      Path place = directory.resolve("kill" + number);
      outcomes.add(new KilledRun(readings, options, undisturbed, place).kill(kill, !CLUSTER));
      System.err.println(new Json().compact(outcomes.get(outcomes.size() - 1)));
      try (Stream<Path> files = Files.walk(place)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    Summary summary = summary(undisturbed, outcomes);
    String json = new Json().pretty(summary);
    System.out.println(json);
    Path target = Files.createDirectories(Path.of("target"));
    Files.writeString(
        target.resolve("soak-%s-%d-of-%d.json".formatted(summary.master(), PART, PARTS)), json);
    assertThat(summary.differences()).isEmpty();
    assertThat(summary.kills()).isPositive();
  }

  private static Summary summary(
      KilledRun.Undisturbed undisturbed, List<KilledRun.Outcome> outcomes) {
    Map<String, Integer> fell = new TreeMap<>();
    outcomes.forEach(
        outcome -> outcome.fell().forEach(place -> fell.merge(place, 1, Integer::sum)));
    int missed = fell.getOrDefault("missed", 0);
    int kills = fell.values().stream().mapToInt(Integer::intValue).sum() - missed;
    int outside =
        fell.getOrDefault("before the first unit", 0)
            + fell.getOrDefault("after the last online write", 0);
    return new Summary(
        SEED,
        CLUSTER ? "cluster" : "local",
        PART,
        PARTS,
        kills,
        outcomes.size() - missed,
        missed,
        kills - outside,
        fell,
        outcomes.stream().mapToInt(KilledRun.Outcome::finished).sum(),
        ROWS,
        undisturbed.millis(),
        undisturbed.buckets(),
        undisturbed.bucketOf().size(),
        outcomes.stream().filter(outcome -> !outcome.faults().isEmpty()).toList());
  }
}
