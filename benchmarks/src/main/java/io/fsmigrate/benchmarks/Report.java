package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found, the same for people and machines. It never says pass or fail.
 *
 * @param settings everything needed to repeat it
 * @param results one for each variant
 */
record Report(String benchmark, Map<String, String> settings, List<Result> results) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  /** All contenders on the same work. */
  record Result(
      String variant, long rows, List<Side> sides, List<Ratio> ratios, Map<String, Long> values) {

    /** Compares each contender with the first. */
    static Result of(String variant, long rows, List<Stopwatch.Measured> measured) {
      Stopwatch.Measured base = measured.get(0);
      List<Ratio> ratios = new ArrayList<>();
      for (Stopwatch.Measured other : measured.subList(1, measured.size())) {
        Timings pairs = other.timings().ratiosTo(base.timings());
        ratios.add(
            new Ratio(
                other.name() + " / " + base.name(),
                pairs.seconds(),
                pairs.min(),
                pairs.median(),
                pairs.max()));
      }
      return new Result(
          variant, rows, measured.stream().map(m -> Side.of(m, rows)).toList(), ratios, Map.of());
    }

    /** With more numbers, named with their unit. */
    Result withValues(Map<String, Long> more) {
      return new Result(variant, rows, sides, ratios, new LinkedHashMap<>(more));
    }
  }

  /**
   * One contender.
   *
   * @param rowsPerSecond at the median
   * @param recordsRead input records of each run
   */
  record Side(
      String name,
      List<Double> seconds,
      double min,
      double median,
      double max,
      double rowsPerSecond,
      List<Long> recordsRead) {
    static Side of(Stopwatch.Measured measured, long rows) {
      Timings timings = measured.timings();
      return new Side(
          measured.name(),
          timings.seconds(),
          timings.min(),
          timings.median(),
          timings.max(),
          rows / timings.median(),
          measured.recordsRead());
    }
  }

  /** Time of one contender divided by that of the first, pair by pair. */
  record Ratio(String name, List<Double> pairs, double min, double median, double max) {}

  void print(PrintWriter out) {
    out.println("benchmark " + benchmark);
    settings.forEach((name, value) -> out.println("  " + name + " = " + value));
    for (Result result : results) {
      out.println(result.variant());
      for (Side side : result.sides()) {
        out.printf(
            Locale.ROOT,
            "  %-12s min %.3f s  median %.3f s  max %.3f s",
            side.name(),
            side.min(),
            side.median(),
            side.max());
        if (result.rows() > 0) {
          out.printf(Locale.ROOT, "  %,.0f rows/s", side.rowsPerSecond());
          out.printf("  input records read %s", reads(side.recordsRead(), result.rows()));
        }
        out.println();
      }
      for (Ratio ratio : result.ratios()) {
        out.printf(
            Locale.ROOT,
            "  %s: median %.3f  min %.3f  max %.3f  of %d pairs%n",
            ratio.name(),
            ratio.median(),
            ratio.min(),
            ratio.max(),
            ratio.pairs().size());
      }
      result.values().forEach((name, value) -> out.printf("  %s = %,d%n", name, value));
    }
    out.flush();
  }

  void write(Path json) throws IOException {
    if (json.toAbsolutePath().getParent() != null) {
      Files.createDirectories(json.toAbsolutePath().getParent());
    }
    Files.writeString(json, MAPPER.writeValueAsString(this) + "\n");
  }

  private static String reads(List<Long> recordsRead, long rows) {
    if (recordsRead.stream().allMatch(read -> read == rows)) {
      return "once";
    }
    return recordsRead.stream().map(read -> "%,d".formatted(read)).distinct().toList().toString();
  }
}
