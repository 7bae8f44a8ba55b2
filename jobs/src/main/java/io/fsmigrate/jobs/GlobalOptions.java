package io.fsmigrate.jobs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options that every command takes, before or after its name. */
final class GlobalOptions {
  @Spec private CommandSpec spec;
  private Optional<Path> conf = Optional.empty();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration: catalog and settings. It can include others.")
  private void conf(Path file) {
    if (conf.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--conf is given twice; let one file include the other");
    }
    conf = Optional.of(file);
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "Override one configuration key. Repeatable.")
  private void settings(Map<String, String> values) {
    settings.putAll(values);
  }

  @Option(
      names = "--output",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description = "Lines for people (default), or one JSON document.")
  private void output(OutputFormat format) {
    output = format;
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show the version.")
  private boolean version;

  /** The configuration file. */
  Optional<Path> conf() {
    return conf;
  }

  /** How a command that goes on from this one begins: with the same configuration. */
  String sameProgram() {
    return "fs-migrate" + conf.map(file -> " --conf " + file).orElse("");
  }

  /** The overridden keys in the order given. */
  Map<String, String> settings() {
    return Collections.unmodifiableMap(settings);
  }

  /** How the result is written. */
  OutputFormat output() {
    return output;
  }
}
