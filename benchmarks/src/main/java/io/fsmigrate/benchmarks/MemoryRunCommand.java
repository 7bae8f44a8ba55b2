package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.testkit.InputMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One run in the driver JVM that {@code memory} starts with a small heap. */
@Command(name = "memory-run", hidden = true, description = "What memory starts for each run.")
final class MemoryRunCommand implements Callable<Integer> {
  @Option(names = "--rows", required = true)
  private long rows;

  @Option(names = "--files", required = true)
  private int files;

  @Option(names = "--source", required = true)
  private String format;

  @Option(names = "--contender", required = true)
  private String contender;

  @Option(names = "--dir", required = true)
  private Path directory;

  @Option(names = "--conf", required = true)
  private Path conf;

  @Option(names = "--master", required = true)
  private String master;

  @Option(names = "--result", required = true)
  private Path result;

  /**
   * What one run showed.
   *
   * @param liveBytes heap of the driver after a full collection at the end, the session still open
   * @param mostAfterCollectionBytes the most that any collection left behind
   * @param executors JVMs other than the driver's that ran tasks
   */
  record Finding(
      double seconds,
      long recordsRead,
      long liveBytes,
      long mostAfterCollectionBytes,
      long maxHeapBytes,
      int executors) {}

  @Override
  public Integer call() throws Exception {
    Source source = new Source(rows, files, 0, format);
    try (HeapWatch heap = new HeapWatch();
        SparkSession spark = Sessions.start(master)) {
      Contender run = Contenders.named(contender, spark, source, conf, directory).get(0);
      run.cleanUp();
      try (InputMetrics metrics = InputMetrics.of(spark)) {
        Stopwatch.Measured measured =
            new Stopwatch(metrics::recordsRead).alternate(List.of(run), 0, 1).get(0);
        Finding finding =
            new Finding(
                measured.timings().median(),
                measured.recordsRead().get(0),
                heap.live(),
                heap.mostAfterCollection(),
                Runtime.getRuntime().maxMemory(),
                spark.sparkContext().statusTracker().getExecutorInfos().length - 1);
        Files.writeString(result, new ObjectMapper().writeValueAsString(finding));
      }
    }
    return 0;
  }
}
