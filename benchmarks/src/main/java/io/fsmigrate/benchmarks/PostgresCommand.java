package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.PostgresServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes records to a PostgreSQL in three ways. */
@Command(
    name = "postgresql",
    mixinStandardHelpOptions = true,
    description = {
      "Time records into a PostgreSQL of this machine: ours; the same statements (COPY into a",
      "temporary table, one guarded upsert per bucket, one transaction) run on bare connections",
      "with the rows of every bucket prepared in COPY's binary form; and a bare COPY of those rows",
      "into a table without a key. Once into an empty table and once over older records. Every run",
      "begins with the same table, after a checkpoint."
    })
final class PostgresCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(names = "--records", defaultValue = "400000", description = "Default ${DEFAULT-VALUE}.")
  private int records;

  @Option(
      names = "--bucket",
      defaultValue = "100000",
      description = "Records of a bucket (default ${DEFAULT-VALUE}).")
  private int bucket;

  @Option(names = "--tasks", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(names = "--runs", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--url",
      description =
          "A server to use instead of one that is started here, jdbc:postgresql://..., with user"
              + " and password as parameters; its schema benchmark is replaced.")
  private String url;

  @Override
  public Integer call() throws Exception {
    try (Server server = server()) {
      PostgresWriters writers = new PostgresWriters(server.url, records, bucket, tasks);
      Map<String, String> settings = report.settings();
      settings.put("records", "%,d in buckets of %,d".formatted(records, bucket));
      settings.put("tasks", Integer.toString(tasks));
      settings.put("runs", "%d after 1 to warm up".formatted(runs));
      writers.serverSettings().forEach((name, value) -> settings.put("server " + name, value));
      List<Report.Result> results = new ArrayList<>();
      writers.prepareRows();
      results.add(measure(writers, "into an empty table", false));
      results.add(measure(writers, "over older records", true));
      report.publish(new Report("postgresql", settings, results), spec.commandLine().getOut());
    }
    return 0;
  }

  private Report.Result measure(PostgresWriters writers, String variant, boolean older)
      throws Exception {
    writers.startTable(older);
    List<Stopwatch.Measured> measured =
        new Stopwatch(() -> 0)
            .alternate(
                List.of(
                    new Side("same SQL", writers::sameStatements, () -> writers.startTable(older)),
                    new Side("bare COPY", writers::bareCopy, writers::clearHeap),
                    new Side("ours", writers::ours, () -> writers.startTable(older))),
                1,
                runs);
    Map<String, Long> values = new LinkedHashMap<>();
    double ours = measured.get(2).timings().median();
    for (Stopwatch.Measured one : measured) {
      values.put(one.name() + ", records/s", Math.round(records / one.timings().median()));
    }
    for (Stopwatch.Measured other : measured.subList(0, 2)) {
      values.put(
          "ours, %% of the records/s of %s".formatted(other.name()),
          Math.round(100 * other.timings().median() / ours));
    }
    return Report.Result.of(variant, 0, measured).withValues(values);
  }

  private Server server() {
    if (url != null) {
      return new Server(url, Optional.empty());
    }
    // As durable as a server is by default; the one for tests is not.
    PostgresServer own =
        PostgresServer.start(
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on"));
    return new Server(own.url("postgres") + "?user=postgres", Optional.of(own));
  }

  /** The server, and what is to be ended of it. */
  private record Server(String url, Optional<PostgresServer> own) implements AutoCloseable {
    @Override
    public void close() {
      own.ifPresent(PostgresServer::close);
    }
  }

  /** Work, and what makes the table what it was. */
  private record Side(String name, Work work, Work after) implements Contender {
    /** What may fail. */
    interface Work {
      void run() throws Exception;
    }

    @Override
    public void run() throws Exception {
      work.run();
    }

    @Override
    public void cleanUp() throws Exception {
      after.run();
    }
  }
}
