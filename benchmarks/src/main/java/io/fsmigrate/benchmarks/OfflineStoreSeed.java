package io.fsmigrate.benchmarks;

import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroups;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureType;

/** A feature group with an offline store of many rows, its files put there without the service. */
final class OfflineStoreSeed {
  static final String BUCKET = "benchmark";

  private static final int HOURS = 8;

  private OfflineStoreSeed() {}

  /** Makes the group and its rows: an identifier, an event time and four features. */
  static FeatureGroupDescription seed(
      SparkSession spark, AwsAccess access, AwsClients clients, Path directory, long rows)
      throws IOException, InterruptedException {
    FeatureGroupDescription group = create(access, clients);
    Path local = directory.resolve("offline-store");
    spark
        .range(rows)
        .selectExpr(
            "concat('id-', id) AS id",
            "date_format(timestamp_seconds(1704067200 + id %% %d), \"yyyy-MM-dd'T'HH:mm:ss'Z'\") AS at"
                .formatted(HOURS * 3600),
            "id * 7 AS n",
            "id / 3 AS x",
            "sha2(string(id), 224) AS text",
            "id % 2 AS flag",
            "timestamp_seconds(1704067200) AS write_time",
            "timestamp_seconds(1704067200) AS api_invocation_time",
            "false AS is_deleted")
        .selectExpr(
            "*", "'2024' AS year", "'01' AS month", "'01' AS day", "substr(at, 12, 2) AS hour")
        .repartition(HOURS, org.apache.spark.sql.functions.col("hour"))
        .write()
        .mode("overwrite")
        .partitionBy("year", "month", "day", "hour")
        .parquet(local.toString());
    org.apache.hadoop.fs.Path to =
        new org.apache.hadoop.fs.Path(
            group.offline().orElseThrow().location().replaceFirst("^s3:", "s3a:"));
    FileSystem s3 = to.getFileSystem(spark.sparkContext().hadoopConfiguration());
    try (Stream<Path> files = Files.walk(local)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        s3.copyFromLocalFile(
            new org.apache.hadoop.fs.Path(file.toUri()),
            new org.apache.hadoop.fs.Path(to, local.relativize(file).toString()));
      }
    }
    return group;
  }

  private static FeatureGroupDescription create(AwsAccess access, AwsClients clients)
      throws InterruptedException {
    List<FeatureDefinition> features =
        Stream.of(
                "id String",
                "at String",
                "n Integral",
                "x Fractional",
                "text String",
                "flag Integral")
            .map(f -> f.split(" "))
            .map(
                f ->
                    FeatureDefinition.builder()
                        .featureName(f[0])
                        .featureType(FeatureType.fromValue(f[1]))
                        .build())
            .toList();
    try (SageMakerClient control = PlainClients.sageMaker(URI.create(access.endpoint()));
        FeatureGroups groups = new FeatureGroups(access, clients)) {
      control.createFeatureGroup(
          r ->
              r.featureGroupName("unload-benchmark")
                  .recordIdentifierFeatureName("id")
                  .eventTimeFeatureName("at")
                  .roleArn("arn:aws:iam::123456789012:role/benchmark")
                  .featureDefinitions(features)
                  .offlineStoreConfig(
                      o -> o.s3StorageConfig(s -> s.s3Uri("s3://" + BUCKET + "/store"))));
      while (!groups.describe("unload-benchmark").status().equals("Created")) {
        Thread.sleep(100);
      }
      return groups.describe("unload-benchmark");
    }
  }
}
