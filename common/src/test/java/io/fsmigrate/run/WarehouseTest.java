package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
  @TempDir Path dir;

  @Test
  void everythingLiesBelowTheRoot() {
    Warehouse warehouse = new Warehouse("s3a://bucket/wh");

    assertThat(warehouse.table("flights", "2.0.0", "R1"))
        .isEqualTo("s3a://bucket/wh/flights/2.0.0/R1");
    assertThat(warehouse.file("R1", "plan.json"))
        .isEqualTo("s3a://bucket/wh/_fs_migrate/run/R1/plan.json");
    assertThat(warehouse.failedRecords("R1"))
        .isEqualTo("s3a://bucket/wh/_fs_migrate/run/R1/failed");
  }

  @Test
  void aTextIsReplacedAndReadBack() throws Exception {
    Warehouse warehouse = new Warehouse(dir.toString());
    String file = warehouse.file("R1", "plan.json");

    assertThat(warehouse.readText(new Configuration(), file)).isEmpty();
    warehouse.writeText(new Configuration(), file, "a longer text");
    warehouse.writeText(new Configuration(), file, "Zürich");

    assertThat(warehouse.readText(new Configuration(), file)).contains("Zürich");
  }

  @Test
  void findingOutWhetherItIsWritableLeavesNoFile() throws Exception {
    new Warehouse(dir.resolve("new").toString()).requireWritable(new Configuration());

    try (var files = Files.walk(dir)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aWarehouseThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "in the way");
    Warehouse warehouse = new Warehouse(file.toString());

    assertThatThrownBy(() -> warehouse.requireWritable(new Configuration()))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("NOT_WRITABLE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            })
        .hasMessageStartingWith(file + ": cannot be written");
    assertThatCode(() -> new Warehouse(dir.toString()).requireWritable(new Configuration()))
        .doesNotThrowAnyException();
  }

  @Test
  void failedRecordsMustHaveAPlaceBeforeAnythingIsWritten() throws Exception {
    Warehouse warehouse = new Warehouse(dir.toString());
    Files.createDirectories(dir.resolve("_fs_migrate"));
    Path inTheWay = Files.writeString(dir.resolve("_fs_migrate/run"), "in the way");

    assertThatThrownBy(() -> warehouse.requireWritable(new Configuration()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("NOT_WRITABLE"));

    Files.delete(inTheWay);
    Files.createDirectories(dir.resolve("_fs_migrate/run/R1"));
    Files.writeString(dir.resolve("_fs_migrate/run/R1/failed"), "in the way");
    assertThatThrownBy(() -> warehouse.requireFailedRecordsWritable(new Configuration(), "R1"))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("NOT_WRITABLE"));
  }
}
