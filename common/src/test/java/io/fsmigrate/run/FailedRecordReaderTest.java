package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkExtension.class)
class FailedRecordReaderTest {
  private final FailedRecordReader reader = new FailedRecordReader(new Configuration());

  @TempDir Path directory;

  @Test
  void recordsKeepTheOrderOfTheirFieldsAndTheirOriginalValuesAsAnObject(SparkSession spark) {
    String table = directory.resolve("failed").toString();
    spark
        .sql(
            """
            SELECT 'r1' AS run, 7L AS unit, 'offline' AS store, 'CAST' AS code,
                   CAST(NULL AS STRING) AS feature, false AS retryable, 1 AS attempts,
                   '{"route":"A-B","delay":null}' AS original
            """)
        .write()
        .format("delta")
        .save(table);

    assertThat(read(table))
        .extracting(Object::toString)
        .containsExactly(
            "{\"run\":\"r1\",\"unit\":7,\"store\":\"offline\",\"code\":\"CAST\",\"feature\":null,"
                + "\"retryable\":false,\"attempts\":1,"
                + "\"original\":{\"route\":\"A-B\",\"delay\":null}}");
  }

  @Test
  void everyCommitAndEveryFileIsRead(SparkSession spark) {
    String table = directory.resolve("failed records").toString();
    spark.range(0, 10, 1, 3).write().format("delta").save(table);
    spark.range(10, 25, 1, 2).write().format("delta").mode("append").save(table);

    List<ObjectNode> records = new ArrayList<>();
    long count = reader.read(table, records::add);

    assertThat(count).isEqualTo(25);
    assertThat(records)
        .extracting(record -> record.get("id").asInt())
        .doesNotHaveDuplicates()
        .hasSize(25)
        .allMatch(id -> id >= 0 && id < 25);
  }

  @Test
  void aRunWithoutATableHasNoFailedRecord() {
    assertThat(read(directory.resolve("none").toString())).isEmpty();
  }

  private List<ObjectNode> read(String table) {
    List<ObjectNode> records = new ArrayList<>();
    reader.read(table, records::add);
    return records;
  }
}
