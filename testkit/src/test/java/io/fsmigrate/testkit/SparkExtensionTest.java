package io.fsmigrate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class SparkExtensionTest {
  private final SparkSession fromConstructor;

  SparkExtensionTest(SparkSession fromConstructor) {
    this.fromConstructor = fromConstructor;
  }

  @Test
  void sharesOneSessionWithDelta(SparkSession spark, @TempDir Path directory) {
    assertThat(spark).isSameAs(fromConstructor);
    String table = directory.resolve("table").toString();
    spark.range(3).write().format("delta").save(table);
    assertThat(spark.read().format("delta").load(table).count()).isEqualTo(3);
    assertThat(spark.conf().get("spark.sql.session.timeZone")).isEqualTo("UTC");
    assertThat(spark.conf().get("spark.sql.subexpressionElimination.enabled")).isEqualTo("false");
  }
}
