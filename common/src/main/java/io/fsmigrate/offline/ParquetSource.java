package io.fsmigrate.offline;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Bare Parquet files, pinned by their names, lengths and modification times. Rows and row groups
 * come from the footers, so nothing is scanned to plan.
 */
public final class ParquetSource implements OfflineSource {
  /** Footers are a seek and a small read each; this many at once hide an object store's latency. */
  private static final int FOOTER_READERS = 16;

  private final SparkSession session;
  private final String location;
  private final String base;
  private final List<Footer> footers;
  private final StructType schema;

  private record Footer(FileStatus file, String schema, List<InputSlice> slices) {}

  private ParquetSource(
      SparkSession session, String location, String base, List<Footer> footers, StructType schema) {
    this.session = session;
    this.location = location;
    this.base = base;
    this.footers = footers;
    this.schema = schema;
  }

  /**
   * Pins the files there now.
   *
   * @param location a file, or a directory whose Parquet files are taken at any depth
   * @throws io.fsmigrate.error.FsMigrateException when there is nothing, or something that is not
   *     Parquet, or files of different columns
   */
  public static ParquetSource open(SparkSession session, String location) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    Path root = new Path(location);
    List<FileStatus> files;
    try {
      FileSystem fs = root.getFileSystem(hadoop);
      FileStatus status = fs.getFileStatus(root);
      root = status.getPath();
      files = new ArrayList<>();
      collect(fs, status, files);
    } catch (FileNotFoundException e) {
      throw OfflineErrors.notFound(location);
    } catch (IOException e) {
      throw OfflineErrors.unreadable(location, e);
    }
    if (files.isEmpty()) {
      throw OfflineErrors.noData(location);
    }
    files.sort(Comparator.comparing(file -> file.getPath().toString()));
    List<Footer> footers = readFooters(files, hadoop);
    for (Footer footer : footers) {
      if (!footer.schema().equals(footers.get(0).schema())) {
        throw OfflineErrors.mixedSchemas(
            footer.file().getPath().toString(), footers.get(0).file().getPath().getName());
      }
    }
    boolean single = files.size() == 1 && files.get(0).getPath().equals(root);
    String base = single ? root.getParent().toString() : root.toString();
    return new ParquetSource(
        session, root.toString(), base, footers, schema(session, base, footers));
  }

  /** The columns of the files, then those of partition directories, whose types fit all values. */
  private static StructType schema(SparkSession session, String base, List<Footer> footers) {
    Map<Path, String> ofEachDirectory = new LinkedHashMap<>();
    for (Footer footer : footers) {
      Path file = footer.file().getPath();
      // Directories without values add nothing to the columns of the first file.
      if (ofEachDirectory.isEmpty() || file.getParent().getName().contains("=")) {
        ofEachDirectory.putIfAbsent(file.getParent(), file.toString());
      }
    }
    try {
      return reader(session, base)
          .parquet(ofEachDirectory.values().toArray(new String[0]))
          .schema();
    } catch (Exception e) {
      // Spark declares its analysis errors nowhere, and in Scala they are checked.
      throw OfflineErrors.unreadable(base, e);
    }
  }

  /** Reads files by their names as they are: a bracket in a name is no pattern. */
  private static DataFrameReader reader(SparkSession session, String base) {
    return session.read().option("basePath", base).option("__globPaths__", "false");
  }

  private static void collect(FileSystem fs, FileStatus status, List<FileStatus> files)
      throws IOException {
    if (status.isFile()) {
      files.add(status);
      return;
    }
    for (FileStatus child : fs.listStatus(status.getPath())) {
      String name = child.getPath().getName();
      boolean hidden = name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
      if (hidden || (child.isFile() && !name.endsWith(".parquet"))) {
        continue;
      }
      collect(fs, child, files);
    }
  }

  private static List<Footer> readFooters(List<FileStatus> files, Configuration hadoop) {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(FOOTER_READERS, files.size()));
    try {
      List<Future<Footer>> pending = new ArrayList<>();
      for (FileStatus file : files) {
        pending.add(pool.submit(() -> readFooter(file, hadoop)));
      }
      List<Footer> footers = new ArrayList<>();
      for (Future<Footer> footer : pending) {
        footers.add(footer.get());
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

  private static Footer readFooter(FileStatus file, Configuration hadoop) {
    String path = file.getPath().toString();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop))) {
      List<InputSlice> slices = new ArrayList<>();
      List<BlockMetaData> blocks = reader.getRowGroups();
      for (int i = 0; i < blocks.size(); i++) {
        long start = i == 0 ? 0 : blocks.get(i).getStartingPos();
        long end = i + 1 == blocks.size() ? file.getLen() : blocks.get(i + 1).getStartingPos();
        slices.add(
            new InputSlice(path, start, end - start, file.getLen(), blocks.get(i).getRowCount()));
      }
      return new Footer(file, reader.getFileMetaData().getSchema().toString(), slices);
    } catch (IOException | RuntimeException e) {
      throw OfflineErrors.unreadable(path, e);
    }
  }

  @Override
  public SourceSnapshot snapshot() {
    Digest digest = new Digest();
    for (Footer footer : footers) {
      digest.add(footer.file().getPath().toString());
      digest.add(Long.toString(footer.file().getLen()));
      digest.add(Long.toString(footer.file().getModificationTime()));
    }
    return new SourceSnapshot(
        "parquet",
        location,
        Optional.empty(),
        digest.hex(),
        footers.size(),
        footers.stream().mapToLong(f -> f.file().getLen()).sum(),
        Optional.of(slices().stream().mapToLong(InputSlice::rows).sum()),
        schema.toDDL());
  }

  @Override
  public StructType schema() {
    return schema;
  }

  @Override
  public List<InputSlice> slices() {
    return footers.stream().flatMap(f -> f.slices().stream()).toList();
  }

  @Override
  public Dataset<Row> read(InputUnit unit) {
    List<String> whole =
        unit.slices().stream().filter(InputSlice::wholeFile).map(InputSlice::path).toList();
    Dataset<Row> rows = null;
    if (!whole.isEmpty()) {
      rows = reader(session, base).schema(schema).parquet(whole.toArray(new String[0]));
    }
    for (InputSlice slice : unit.slices()) {
      if (!slice.wholeFile()) {
        Dataset<Row> range =
            reader(session, base)
                .schema(schema)
                .option(RangedParquetFormat.RANGE_START, slice.start())
                .option(RangedParquetFormat.RANGE_END, slice.start() + slice.length())
                .format(RangedParquetFormat.class.getName())
                .load(slice.path());
        rows = rows == null ? range : rows.union(range);
      }
    }
    if (rows == null) {
      return session.createDataFrame(List.of(), schema);
    }
    return rows;
  }
}
