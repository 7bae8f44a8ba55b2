package io.fsmigrate.jobs;

import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.run.MigrateRequest;
import io.fsmigrate.run.WriteMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code plan} and {@code migrate} are asked to do; the same words mean the same in both. */
final class RequestOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description =
          "[BRANCH:]GROUP[@VERSION], parquet:PATH, delta:PATH or sagemaker:GROUP[@VERSION].")
  private Optional<String> source = Optional.empty();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "[BRANCH:]GROUP[@VERSION]; the branch is main unless named.")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--mode",
      paramLabel = "append|replace",
      description =
          "Into a version that has rows: keep them and add what is missing (default), or replace them.")
  private Optional<WriteMode> mode = Optional.empty();

  @Option(
      names = "--clear-target",
      description =
          "The same as --mode replace: leave only the rows of this run. Online stores are emptied"
              + " first; the old table stays. Asks for the target's name, or needs --yes.")
  private boolean clearTarget;

  @Option(
      names = "--filter-query",
      paramLabel = "CONDITION",
      description = "Take only rows of the source for which this SQL condition is true.")
  private Optional<String> filterQuery = Optional.empty();

  @Option(
      names = "--allow-partial",
      description = "Allow a filter query to replace a target that has rows.")
  private boolean allowPartial;

  @Option(names = "--create-branch", description = "Make the target's branch if it is missing.")
  private boolean createBranch;

  @Option(
      names = "--online",
      paramLabel = "STORE,...|none",
      description = "Online stores to write (default: those of the target's definition).")
  private Optional<String> online = Optional.empty();

  @Option(
      names = "--via",
      paramLabel = "VERSION,...",
      split = ",",
      description = "Versions to pass where several migration paths lead to the target.")
  private List<String> via = List.of();

  @Option(
      names = "--stale-check",
      paramLabel = "none|sample|exact",
      description = {
        "Ask online stores that do not tell stale records (SageMaker): not at all (default); for a",
        "hundredth of the records, to predict in the plan; or for each before it is written, so that",
        "the run counts what is stale. A plan asks by reading the source."
      })
  private StaleCheck staleCheck = StaleCheck.NONE;

  @Option(
      names = "--in-place",
      description =
          "Write online records over those of the version that is served, and serve this one at once:"
              + " only for a version that adds features and changes nothing else. Without it, a version"
              + " has a place of its own until `serving switch`.")
  private boolean inPlace;

  @Option(
      names = "--skip-unreadable",
      description = {
        "Go on without files of the source that cannot be read; they are named, their rows counted,",
        "and the exit code is 3."
      })
  private boolean skipUnreadable;

  @Option(
      names = "--estimate-keys",
      description = "Scan the source to estimate the number of distinct records.")
  private boolean estimateKeys;

  /** The target as given. */
  Optional<String> target() {
    return target;
  }

  /** The source as given. */
  Optional<String> source() {
    return source;
  }

  /** Whether neither source nor target nor anything else about the request is given. */
  boolean isEmpty() {
    return source.isEmpty()
        && target.isEmpty()
        && mode.isEmpty()
        && !clearTarget
        && filterQuery.isEmpty()
        && !allowPartial
        && !createBranch
        && online.isEmpty()
        && via.isEmpty()
        && staleCheck == StaleCheck.NONE
        && !inPlace
        && !skipUnreadable
        && !estimateKeys;
  }

  /** The request. */
  MigrateRequest request() {
    if (source.isEmpty() || target.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "SOURCE and TARGET are needed, such as parquet:PATH and GROUP@1.0.0");
    }
    if (clearTarget && mode.equals(Optional.of(WriteMode.APPEND))) {
      throw new ParameterException(
          command.commandLine(), "--clear-target and --mode append exclude each other");
    }
    return MigrateRequest.builder(source.orElseThrow(), target.orElseThrow())
        .mode(clearTarget ? WriteMode.REPLACE : mode.orElse(WriteMode.APPEND))
        .filterQuery(filterQuery)
        .allowPartial(allowPartial)
        .createBranch(createBranch)
        .onlineStores(online.map(RequestOptions::stores))
        .via(via)
        .staleCheck(staleCheck)
        .inPlace(inPlace)
        .estimateKeys(estimateKeys)
        .skipUnreadable(skipUnreadable)
        .build();
  }

  private static List<String> stores(String text) {
    if (text.strip().equals("none")) {
      return List.of();
    }
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
