package io.fsmigrate.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.FailedRecordList;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate runs failed}: the rows that a run could not write. */
@Command(
    name = "failed",
    description = {
      "Show the failed records of a run, or write them all to a file. Those that a retry has settled",
      "say how."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf runs failed latest",
      "  fs-migrate --conf my.conf runs failed latest --to failed.jsonl",
      "  fs-migrate --conf my.conf runs failed latest --open --retryable"
    })
final class RunsFailedCommand implements Callable<Integer> {
  private final Workspace workspace;
  private final Output output;

  @Parameters(paramLabel = "RUN", description = "The run, or latest.")
  private String id;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Write all of them to this file, one JSON object a line.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many to show without --to (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--open",
      description = "Only those that no retry has settled, with what failed in retries again.")
  private boolean open;

  @Option(names = "--retryable", description = "Only those that trying again can help.")
  private boolean retryable;

  private RunsFailedCommand(Workspace workspace, Output output) {
    this.workspace = workspace;
    this.output = output;
  }

  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new RunsFailedCommand(workspace, output));
  }

  /**
   * @param records how many there are
   * @param shown the first of them; none where they went to a file
   */
  record Failed(String run, long records, Optional<String> file, List<ObjectNode> shown) {}

  @Override
  public Integer call() {
    String run = RunsCommand.find(workspace.ledger(), id).id();
    Failed failed = file.map(to -> export(run, to)).orElseGet(() -> show(run));
    output.result("fs-migrate/failed-records/1", failed, RunsFailedCommand::print);
    return ExitCode.OK.code();
  }

  private Failed show(String run) {
    List<ObjectNode> shown = new ArrayList<>();
    long records =
        read(
            run,
            record -> {
              if (shown.size() < limit) {
                shown.add(record);
              }
            });
    return new Failed(run, records, Optional.empty(), shown);
  }

  private Failed export(String run, Path to) {
    try (BufferedWriter lines = Files.newBufferedWriter(to)) {
      long records = read(run, record -> write(record, lines));
      return new Failed(run, records, Optional.of(to.toString()), List.of());
    } catch (IOException e) {
      throw JobsErrors.cannotWrite(to, e);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof WriteFailure failure ? JobsErrors.cannotWrite(to, failure) : e;
    }
  }

  private long read(String run, Consumer<ObjectNode> records) {
    AtomicLong wanted = new AtomicLong();
    Consumer<ObjectNode> chosen =
        record -> {
          if (!retryable || record.path("retryable").asBoolean()) {
            wanted.incrementAndGet();
            records.accept(record);
          }
        };
    if (open) {
      workspace.failedRecords().readOpen(run, chosen);
    } else {
      workspace.failedRecords().read(run, chosen);
    }
    return wanted.get();
  }

  private static void write(ObjectNode record, BufferedWriter lines) {
    // When is in the ledger; after which step only matters where it was not the source.
    record.remove("failed_at");
    for (String optional : List.of("original_of", "transformed")) {
      if (record.path(optional).isNull()) {
        record.remove(optional);
      }
    }
    try {
      lines.write(record.toString());
      lines.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(new WriteFailure(e));
    }
  }

  private static void print(Failed failed, PrintWriter out) {
    if (failed.file().isPresent()) {
      out.printf(
          "%s: %,d failed records of %s%n", failed.file().get(), failed.records(), failed.run());
      return;
    }
    TextTable table =
        new TextTable(
            "STORE", "CODE", "FEATURE", "VALUE", "TRIED", "RETRYABLE", "SETTLED", "REASON");
    for (ObjectNode record : failed.shown()) {
      table.add(
          text(record, "store"),
          text(record, "code"),
          text(record, "feature"),
          text(record, "value"),
          text(record, "attempts"),
          record.path("retryable").asBoolean() ? "yes" : "no",
          text(record, FailedRecordList.SETTLED),
          text(record, "reason"));
    }
    table.print(out, failed.run() + " has no failed record.");
    if (failed.records() > failed.shown().size()) {
      out.printf(
          "%,d of %,d; --to FILE writes them all with their original values.%n",
          failed.shown().size(), failed.records());
    }
  }

  private static String text(ObjectNode record, String name) {
    return record.path(name).asText("");
  }

  /** Tells a failure to write the file from a failure to read the table. */
  private static final class WriteFailure extends IOException {
    private static final long serialVersionUID = 1L;

    WriteFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
