package io.fsmigrate.jobs;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.testkit.SparkExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(SparkExtension.class)
class ExampleDataTest {
  private static final long ROWS = 2 * ExampleData.MINIMUM_ROWS + 5;

  @TempDir private Path directory;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession shared) {
    spark = shared;
  }

  @Test
  void expectsWhatTheRowsGive() throws Exception {
    Run run = run(directory.resolve("input"), ROWS, 1);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("card_payments: 9,605 rows of 801 records");
    Dataset<Row> rows = rows("input");
    assertThat(rows.schema()).isEqualTo(ExampleData.SCHEMA);
    assertThat(rows.inputFiles()).hasSize(4);
    rows.createOrReplaceTempView("example");

    JsonNode expected = new ObjectMapper().readTree(Files.readString(expectation("input")));
    assertThat(expected.get("schema").asText()).isEqualTo("fs-migrate/example-data/1");
    assertThat(expected.get("rows").asLong()).isEqualTo(ROWS).isEqualTo(rows.count());
    assertThat(expected.get("records").asLong())
        .isEqualTo(number("SELECT count(DISTINCT card) FROM example"));

    JsonNode first = expected.get("runs").get(0);
    assertThat(first.get("filtered").asLong())
        .isEqualTo(number("SELECT count(*) FROM example WHERE probe"))
        .isPositive();
    expect(first, 0, "EVENT_TIME_MISSING", "NOT probe AND seen IS NULL");
    expect(first, 1, "CONTRACT", "NOT probe AND score NOT BETWEEN 0 AND 1");
    String inFirst = "NOT probe AND seen IS NOT NULL AND coalesce(score <= 1, true)";
    expectAccepted(first, inFirst);

    JsonNode second = expected.get("runs").get(1);
    assertThat(second.get("read")).isEqualTo(first.get("accepted"));
    String fits = "amount_cents BETWEEN -2147483648 AND 2147483647";
    expect(second, 0, "CAST", inFirst + " AND NOT " + fits);
    expect(second, 1, "CONTRACT", inFirst + " AND amount_cents < 0");
    expectAccepted(second, inFirst + " AND " + fits + " AND amount_cents >= 0");
    assertThat(second.get("failed").asLong()).isLessThan(ROWS / 100);
  }

  @Test
  void hasTiesAtTheNewestEventTime() throws Exception {
    run(directory.resolve("input"), ROWS, 1);
    rows("input").createOrReplaceTempView("example");
    Dataset<Row> ties =
        spark.sql(
            "SELECT card FROM example WHERE seen IS NOT NULL"
                + " GROUP BY card, seen HAVING count(DISTINCT amount_cents) > 1");
    assertThatDataFrame(ties).hasRowCount(4);
    assertThat(
            number(
                "SELECT count(*) FROM (SELECT card, seen, max(seen) OVER (PARTITION BY card) newest"
                    + " FROM example) t JOIN (SELECT card c, seen s FROM example GROUP BY 1, 2"
                    + " HAVING count(DISTINCT amount_cents) > 1) ON card = c AND seen = s"
                    + " WHERE seen < newest"))
        .isZero();
  }

  @Test
  void givesTheSameRowsForTheSameSeedOnly() throws Exception {
    run(directory.resolve("one"), ROWS, 7);
    run(directory.resolve("two"), ROWS, 7);
    run(directory.resolve("three"), ROWS, 8);
    assertThatDataFrame(rows("one")).isEqualTo(rows("two"));
    assertThat(rows("three").exceptAll(rows("one")).count()).isGreaterThan(ROWS / 2);
    assertThat(expectation("three")).hasSameTextualContentAs(expectation("one"));
  }

  @Test
  void refusesWhatItCannotDo() throws Exception {
    Run few = run(directory.resolve("few"), 4799, 1);
    assertThat(few.exitCode()).isEqualTo(2);
    assertThat(few.err()).contains("--rows 4799: too few").contains("4800");
    assertThat(directory.resolve("few")).doesNotExist();

    Files.createDirectories(directory.resolve("full/a"));
    Run full = run(directory.resolve("full"), ROWS, 1);
    assertThat(full.exitCode()).isEqualTo(4);
    assertThat(full.err()).contains("full: has files in it");

    Files.writeString(directory.resolve("file"), "");
    Run below = run(directory.resolve("file/below"), ROWS, 1);
    assertThat(below.exitCode()).isEqualTo(2);
    assertThat(below.err()).contains("below: cannot be written");
  }

  private void expect(JsonNode run, int index, String code, String condition) {
    JsonNode failure = run.get("failures").get(index);
    assertThat(failure.get("code").asText()).isEqualTo(code);
    assertThat(failure.get("rows").asLong())
        .isEqualTo(number("SELECT count(*) FROM example WHERE " + condition))
        .isPositive();
  }

  private void expectAccepted(JsonNode run, String condition) {
    String accepted = " FROM example WHERE " + condition;
    assertThat(run.get("accepted").asLong()).isEqualTo(number("SELECT count(*)" + accepted));
    assertThat(run.get("acceptedDistinct").asLong())
        .isEqualTo(number("SELECT count(*) FROM (SELECT DISTINCT *" + accepted + ")"))
        .isLessThan(run.get("accepted").asLong());
    assertThat(run.get("acceptedRecords").asLong())
        .isEqualTo(number("SELECT count(DISTINCT card)" + accepted));
    assertThat(run.get("read").asLong())
        .isEqualTo(
            run.get("filtered").asLong()
                + run.get("failed").asLong()
                + run.get("accepted").asLong());
  }

  private long number(String sql) {
    return spark.sql(sql).head().getLong(0);
  }

  private Dataset<Row> rows(String name) {
    return spark.read().parquet(directory.resolve(name).resolve("card_payments").toString());
  }

  private Path expectation(String name) {
    return directory.resolve(name).resolve("expected.json");
  }

  private Run run(Path target, long rows, long seed) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    FsMigrate program = new FsMigrate();
    Output output = new Output(new PrintWriter(out), new PrintWriter(err), program.options());
    CommandLine root = new CommandLine(program);
    root.addSubcommand(new ExampleDataCommand(output, () -> spark));
    int exitCode =
        FsMigrate.execute(
            root, output, "example-data", target.toString(), "--rows=" + rows, "--seed=" + seed);
    return new Run(exitCode, out.toString(), err.toString());
  }

  private record Run(int exitCode, String out, String err) {}
}
