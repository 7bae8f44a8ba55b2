package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the findings go, and the settings that every report names. */
final class ReportOptions {
  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
  private Path json;

  /** The machine, to which the caller adds what it was told. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    settings.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    settings.put("java", System.getProperty("java.version"));
    settings.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    settings.put("delta", io.delta.package$.MODULE$.VERSION());
    settings.put("max heap MiB", String.valueOf(Runtime.getRuntime().maxMemory() >> 20));
    return settings;
  }

  void publish(Report report, PrintWriter out) throws IOException {
    report.print(out);
    if (json().isPresent()) {
      report.write(json().get());
    }
  }

  private Optional<Path> json() {
    return Optional.ofNullable(json);
  }
}
