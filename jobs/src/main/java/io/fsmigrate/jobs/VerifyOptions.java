package io.fsmigrate.jobs;

import io.fsmigrate.run.Migrator;
import io.fsmigrate.run.Publisher;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunState;
import io.fsmigrate.run.VerifyRequest;
import io.fsmigrate.verify.RowVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What is to be verified, and how, as the command line says it. */
final class VerifyOptions {
  private static final Set<String> VERIFIABLE = Set.of(Migrator.COMMAND, Publisher.COMMAND);
  private static final Set<RunState> DONE =
      Set.of(RunState.FINISHED, RunState.FINISHED_WITH_FAILURES);

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN|SOURCE",
      description =
          "A run of migrate or publish (latest is the newest that finished), or a source.")
  private Optional<String> first = Optional.empty();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "[BRANCH:]GROUP[@VERSION], where a source is given.")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--filter-query",
      paramLabel = "CONDITION",
      description = "Expect only rows of the source for which this SQL condition is true.")
  private Optional<String> filterQuery = Optional.empty();

  @Option(
      names = "--via",
      paramLabel = "VERSION,...",
      split = ",",
      description = "Versions to pass where several migration paths lead to the target.")
  private List<String> via = List.of();

  @Option(
      names = "--online",
      paramLabel = "STORE,...|none",
      description =
          "Online stores to compare (default: those of the run, or of the target's definition).")
  private Optional<String> online = Optional.empty();

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "Read this share of the records from online stores, such as 1%%; default all.")
  private Optional<String> sample = Optional.empty();

  @Option(
      names = "--tolerance",
      paramLabel = "FEATURE=AMOUNT",
      split = ",",
      description = {
        "How far apart values of a feature may be: 0.001, 1%% or, of timestamps, 5s.",
        "Such a feature is compared in sums of buckets first; see --every-row."
      })
  private Map<String, String> tolerances = new TreeMap<>();

  @Option(
      names = "--every-row",
      description =
          "Compare every row, also in buckets that seem the same; as slow as a full join.")
  private boolean everyRow;

  @Option(
      names = "--max-differences",
      paramLabel = "N",
      description = "Differing rows that are kept (default: the setting, 100000). All are counted.")
  private Optional<Integer> maxDifferences = Optional.empty();

  @Option(
      names = "--repair",
      paramLabel = "missing|different|extra,...",
      split = ",",
      description = {
        "Repair these differences after they were counted and shown: add what is missing, replace",
        "what is different, remove what is extra (from the table only). Asks, or needs --yes."
      })
  private List<String> repair = List.of();

  /** Whether nothing is said. */
  boolean isEmpty() {
    return first.isEmpty()
        && filterQuery.isEmpty()
        && via.isEmpty()
        && online.isEmpty()
        && sample.isEmpty()
        && tolerances.isEmpty()
        && repair.isEmpty()
        && !everyRow
        && maxDifferences.isEmpty();
  }

  /** The request. */
  VerifyRequest request(Engine engine) {
    if (first.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "a RUN is needed, such as latest, or SOURCE and TARGET");
    }
    boolean ofRun = target.isEmpty();
    if (ofRun && (filterQuery.isPresent() || !via.isEmpty())) {
      throw new ParameterException(
          command.commandLine(),
          "a run has its filter query and its path: leave --filter-query and --via out, or name"
              + " SOURCE and TARGET");
    }
    int most = maxDifferences.orElse(engine.workspace().catalog().verify().maxDifferences());
    if (most < 0) {
      throw new ParameterException(command.commandLine(), "--max-differences is 0 or more");
    }
    return new VerifyRequest(
        ofRun ? first.map(run -> run(engine, run)) : Optional.empty(),
        ofRun ? Optional.empty() : first,
        target,
        filterQuery,
        via,
        online.map(VerifyOptions::stores),
        sample.map(this::share).orElse(1.0),
        tolerances,
        everyRow,
        most,
        repair.stream().map(this::kind).distinct().toList());
  }

  private static List<String> stores(String text) {
    return text.strip().equals("none")
        ? List.of()
        : Stream.of(text.split(",")).map(String::strip).toList();
  }

  private RowVerdict kind(String text) {
    return Stream.of(RowVerdict.values())
        .filter(kind -> kind.text().equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "--repair %s: write missing, different or extra".formatted(text)));
  }

  private double share(String text) {
    try {
      String number = text.strip();
      boolean percent = number.endsWith("%");
      double share =
          Double.parseDouble(percent ? number.substring(0, number.length() - 1) : number)
              / (percent ? 100 : 1);
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is none of a share.
    }
    throw new ParameterException(
        command.commandLine(), "--sample %s: write a share such as 1%% or 0.01".formatted(text));
  }

  private static String run(Engine engine, String wanted) {
    if (!wanted.equals("latest")) {
      return wanted;
    }
    Stream<RunRecord> runs = engine.ledger().list(Integer.MAX_VALUE).stream();
    return runs.filter(run -> VERIFIABLE.contains(run.command()) && DONE.contains(run.state()))
        .findFirst()
        .map(RunRecord::id)
        .orElseThrow(JobsErrors::nothingToVerify);
  }
}
