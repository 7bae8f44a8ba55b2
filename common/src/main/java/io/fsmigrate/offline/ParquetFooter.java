package io.fsmigrate.offline;

import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * What the footer of a Parquet file tells without a scan.
 *
 * @param schema its columns
 * @param slices its row groups, with their rows
 * @param neverTrue top-level boolean columns that are false or null in every row by their
 *     statistics
 */
public record ParquetFooter(
    PinnedFile file, MessageType schema, List<InputSlice> slices, Set<String> neverTrue) {
  /** Footers are a seek and a small read each; this many at once hide an object store's latency. */
  private static final int READERS = 16;

  public ParquetFooter {
    slices = List.copyOf(slices);
    neverTrue = Set.copyOf(neverTrue);
  }

  /** Whether a row of the file can be true in that column; unknown counts as yes. */
  public boolean canBeTrue(String column) {
    return schema.containsField(column) && !neverTrue.contains(column);
  }

  /**
   * The footers of the files, in their order.
   *
   * @throws io.fsmigrate.error.FsMigrateException SOURCE_UNREADABLE for a file that is gone or no
   *     Parquet
   */
  public static List<ParquetFooter> readAll(List<PinnedFile> files, Configuration hadoop) {
    return readAll(
        files,
        hadoop,
        (file, failure) -> {
          throw failure;
        });
  }

  /** Told of a file that is gone or no Parquet; throws, or goes on without it. */
  interface Unreadable {
    void on(PinnedFile file, FsMigrateException failure);
  }

  /** The same, where others may be read although some cannot. */
  static List<ParquetFooter> readAll(
      List<PinnedFile> files, Configuration hadoop, Unreadable unreadable) {
    if (files.isEmpty()) {
      return List.of();
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(READERS, files.size()));
    try {
      List<Future<ParquetFooter>> pending = new ArrayList<>();
      for (PinnedFile file : files) {
        pending.add(pool.submit(() -> read(file, hadoop)));
      }
      List<ParquetFooter> footers = new ArrayList<>();
      for (int i = 0; i < pending.size(); i++) {
        try {
          footers.add(pending.get(i).get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof FsMigrateException failure)
              || OfflineErrors.isOutage(failure)) {
            throw e;
          }
          unreadable.on(files.get(i), failure);
        }
      }
      return footers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading footers", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static ParquetFooter read(PinnedFile file, Configuration hadoop) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file.status(), hadoop))) {
      List<InputSlice> slices = new ArrayList<>();
      List<BlockMetaData> blocks = reader.getRowGroups();
      for (int i = 0; i < blocks.size(); i++) {
        long start = i == 0 ? 0 : blocks.get(i).getStartingPos();
        long end = i + 1 == blocks.size() ? file.length() : blocks.get(i + 1).getStartingPos();
        slices.add(
            new InputSlice(
                file.path(), start, end - start, file.length(), blocks.get(i).getRowCount()));
      }
      MessageType schema = reader.getFileMetaData().getSchema();
      return new ParquetFooter(file, schema, slices, neverTrue(schema, blocks));
    } catch (IOException | RuntimeException e) {
      throw OfflineErrors.unreadable(file.path(), e);
    }
  }

  private static Set<String> neverTrue(MessageType schema, List<BlockMetaData> blocks) {
    Set<String> never = new HashSet<>();
    schema.getFields().forEach(field -> never.add(field.getName()));
    for (BlockMetaData block : blocks) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        boolean without =
            chunk.getStatistics() instanceof BooleanStatistics statistics
                && (statistics.hasNonNullValue()
                    ? !statistics.getMax()
                    : statistics.isNumNullsSet()
                        && statistics.getNumNulls() == chunk.getValueCount());
        if (!without) {
          never.remove(chunk.getPath().toArray()[0]);
        }
      }
    }
    return never;
  }
}
