package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class S3ProbeTest {
  @TempDir Path dir;

  @Test
  void probe(SparkSession spark) throws Exception {
    try (Emulator emulator = Emulator.start(dir)) {
      emulator.configure(spark.sparkContext().hadoopConfiguration());
      String p = "s3a://" + Emulator.BUCKET + "/x/y";
      long t = System.nanoTime();
      spark.range(1000).repartition(3).write().parquet(p);
      System.out.println("write ms " + (System.nanoTime() - t) / 1000000);
      assertThat(spark.read().parquet(p).count()).isEqualTo(1000);
      FileSystem fs = new org.apache.hadoop.fs.Path(p).getFileSystem(spark.sparkContext().hadoopConfiguration());
      for (var s : fs.listStatus(new org.apache.hadoop.fs.Path(p))) System.out.println(s.getPath() + " " + s.getLen());
      fs.delete(new org.apache.hadoop.fs.Path(p), true);
    }
  }
}
