package io.fsmigrate.jobs;

import io.fsmigrate.online.restraint.RestraintPlugin;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * What every Spark of this program needs, added to what was given when it was submitted. What was
 * given wins, except for the time zone, on which results depend.
 */
final class SparkSettings {
  private static final String EXTENSIONS = "spark.sql.extensions";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";
  private static final String PLUGINS = "spark.plugins";
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,.*)?])?");

  private SparkSettings() {}

  /** The same settings, complete. */
  static SparkConf complete(SparkConf given) {
    SparkConf conf = given.clone();
    conf.setIfMissing("spark.app.name", "fs-migrate");
    conf.setIfMissing("spark.master", "local[*]");
    conf.set(EXTENSIONS, with(DELTA_EXTENSION, conf.get(EXTENSIONS, "")));
    conf.set(PLUGINS, with(RestraintPlugin.class.getName(), conf.get(PLUGINS, "")));
    conf.setIfMissing(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    conf.set("spark.sql.session.timeZone", "UTC");
    // Sessions of one job share their classes; apart, each would load and compile them again.
    conf.setIfMissing("spark.sql.artifact.isolation.enabled", "false");
    // The program draws its own progress.
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    localCores(conf.get("spark.master")).ifPresent(cores -> forOneMachine(conf, cores));
    return conf;
  }

  /** A list of classes with one more, if it is not there. */
  private static String with(String name, String list) {
    if (list.contains(name)) {
      return list;
    }
    return list.isBlank() ? name : list + "," + name;
  }

  /** Defaults meant for clusters, 200 and 50 tasks, cost more than the work on one machine. */
  private static void forOneMachine(SparkConf conf, int cores) {
    conf.setIfMissing("spark.sql.shuffle.partitions", Integer.toString(cores));
    conf.setIfMissing("spark.databricks.delta.snapshotPartitions", Integer.toString(cores));
    conf.setIfMissing("spark.ui.enabled", "false");
  }

  private static OptionalInt localCores(String master) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return OptionalInt.empty();
    }
    String cores = local.group(1);
    if (cores == null) {
      return OptionalInt.of(1);
    }
    return OptionalInt.of(
        cores.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(cores));
  }
}
