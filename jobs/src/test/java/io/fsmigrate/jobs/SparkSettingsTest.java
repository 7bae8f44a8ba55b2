package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkSettingsTest {
  private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";

  private static final String RESTRAINT = "io.fsmigrate.online.restraint.RestraintPlugin";

  private final SparkConf given = new SparkConf(false);

  @Test
  void deltaAndUniversalTimeAreThereWhenNothingIsGiven() {
    SparkConf conf = SparkSettings.complete(given);

    assertThat(conf.get("spark.sql.extensions")).isEqualTo(DELTA);
    assertThat(conf.get("spark.sql.catalog.spark_catalog"))
        .isEqualTo("org.apache.spark.sql.delta.catalog.DeltaCatalog");
    assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(given.getAll()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "my.Extension,my.Extension;" + DELTA,
    DELTA + "," + DELTA,
    "a;" + DELTA + ",a;" + DELTA
  })
  void deltaIsAddedToOtherExtensionsOnce(String extensions, String expected) {
    given.set("spark.sql.extensions", extensions.replace(';', ','));

    assertThat(SparkSettings.complete(given).get("spark.sql.extensions"))
        .isEqualTo(expected.replace(';', ','));
  }

  @ParameterizedTest
  @CsvSource({
    "'' ," + RESTRAINT,
    "my.Plugin,my.Plugin;" + RESTRAINT,
    RESTRAINT + "," + RESTRAINT,
    RESTRAINT + ";b," + RESTRAINT + ";b"
  })
  void theBudgetsOfOnlineStoresAreAddedToOtherPluginsOnce(String plugins, String expected) {
    given.set("spark.plugins", plugins.replace(';', ','));

    assertThat(SparkSettings.complete(given).get("spark.plugins"))
        .isEqualTo(expected.replace(';', ','));
  }

  @Test
  void theTimeZoneIsNotForChoice() {
    given.set("spark.sql.session.timeZone", "America/New_York");

    assertThat(SparkSettings.complete(given).get("spark.sql.session.timeZone")).isEqualTo("UTC");
  }

  @ParameterizedTest
  @CsvSource({"local,1", "local[3],3", "'local[4,2]',4"})
  void oneMachineShufflesToItsCores(String master, String cores) {
    SparkConf conf = SparkSettings.complete(given.set("spark.master", master));

    assertThat(conf.get("spark.sql.shuffle.partitions")).isEqualTo(cores);
    assertThat(conf.get("spark.databricks.delta.snapshotPartitions")).isEqualTo(cores);
  }

  @Test
  void whatIsGivenWins() {
    given.set("spark.master", "local[3]").set("spark.sql.shuffle.partitions", "7");

    assertThat(SparkSettings.complete(given).get("spark.sql.shuffle.partitions")).isEqualTo("7");
  }

  @ParameterizedTest
  @CsvSource({"yarn", "spark://host:7077", "'local-cluster[2,1,1024]'", "k8s://https://host"})
  void aClusterKeepsItsOwnPartitions(String master) {
    SparkConf conf = SparkSettings.complete(given.set("spark.master", master));

    assertThat(conf.contains("spark.sql.shuffle.partitions")).isFalse();
    assertThat(conf.contains("spark.ui.enabled")).isFalse();
  }
}
