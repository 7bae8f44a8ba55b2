package io.fsmigrate.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class GlobalOptions {
  private final List<Path> conf = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration: catalog and settings. Repeatable, later files win.")
  private void conf(List<Path> files) {
    files.stream().filter(file -> !conf.contains(file)).forEach(conf::add);
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

  /** The configuration files in the order given. */
  List<Path> conf() {
    return List.copyOf(conf);
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
