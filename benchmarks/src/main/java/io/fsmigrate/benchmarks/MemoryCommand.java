package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Migrates ever more rows with a driver whose heap stays small. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = {
      "Run with a small driver heap and executors in JVMs of their own, for growing numbers of",
      "rows; print rows/s and what a garbage collection leaves in the driver's heap."
    })
final class MemoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "1000000,10000000,30000000",
      description = "Default ${DEFAULT-VALUE}.")
  private List<Long> rows;

  @Option(
      names = "--rows-per-file",
      defaultValue = "1000000",
      description = "Default ${DEFAULT-VALUE}.")
  private long rowsPerFile;

  @Option(
      names = "--source",
      defaultValue = "delta",
      description = "delta or parquet (default ${DEFAULT-VALUE}).")
  private String format;

  @Option(
      names = "--contender",
      defaultValue = "fs-migrate",
      description = "fs-migrate (default) or bare.")
  private String contender;

  @Option(
      names = "--driver-heap",
      defaultValue = "1g",
      description = "-Xmx of the driver (default ${DEFAULT-VALUE}).")
  private String heap;

  @Option(
      names = "--master",
      defaultValue = "local-cluster[1,2,3072]",
      description = "Spark's master (default ${DEFAULT-VALUE}).")
  private String master;

  @Option(
      names = "--conf",
      defaultValue = "benchmarks/conf/offline.conf",
      description = "The catalog (${DEFAULT-VALUE}).")
  private Path conf;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    try (SparkSession spark = Sessions.start("local[*]")) {
      for (long number : rows) {
        source(number).generate(spark, data);
      }
    }
    List<Report.Result> results = new ArrayList<>();
    for (long number : rows) {
      results.add(run(source(number), data));
    }
    Map<String, String> settings = report.settings();
    settings.remove("max heap MiB"); // That of this JVM, which only generates and starts drivers.
    settings.put("driver heap", heap);
    settings.put("master", master);
    settings.put("source", "%s, %,d rows a file".formatted(format, rowsPerFile));
    report.publish(new Report("memory", settings, results), spec.commandLine().getOut());
    return 0;
  }

  private Source source(long number) {
    return new Source(number, (int) Math.max(1, number / rowsPerFile), 0, format);
  }

  private Report.Result run(Source source, Path data) throws IOException, InterruptedException {
    Path result = data.resolve("memory-run.json");
    Files.deleteIfExists(result);
    Process driver = new ProcessBuilder(command(source, data, result)).inheritIO().start();
    try {
      int exitCode = driver.waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(
            "The driver with %s of heap and %,d rows returned %d"
                .formatted(heap, source.rows(), exitCode));
      }
    } finally {
      driver.descendants().forEach(ProcessHandle::destroy);
      driver.destroy();
    }
    return describe(
        source, new ObjectMapper().readValue(result.toFile(), MemoryRunCommand.Finding.class));
  }

  private Report.Result describe(Source source, MemoryRunCommand.Finding finding) {
    Stopwatch.Measured measured =
        new Stopwatch.Measured(
            contender, new Timings(List.of(finding.seconds())), List.of(finding.recordsRead()));
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("driver max heap KiB", finding.maxHeapBytes() >> 10);
    values.put("driver live heap after a full collection KiB", finding.liveBytes() >> 10);
    values.put(
        "driver heap after any collection, most KiB", finding.mostAfterCollectionBytes() >> 10);
    values.put("executor JVMs", (long) finding.executors());
    String variant = String.format(Locale.ROOT, "%,d rows", source.rows());
    return Report.Result.of(variant, source.rows(), List.of(measured)).withValues(values);
  }

  private List<String> command(Source source, Path data, Path result) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-cp",
            System.getProperty("java.class.path"),
            Benchmarks.class.getName(),
            "memory-run",
            "--rows=" + source.rows(),
            "--files=" + source.files(),
            "--source=" + source.format(),
            "--contender=" + contender,
            "--dir=" + data,
            "--conf=" + conf.toAbsolutePath(),
            "--master=" + master,
            "--result=" + result));
    return command;
  }
}
