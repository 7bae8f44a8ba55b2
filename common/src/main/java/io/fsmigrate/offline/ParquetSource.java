package io.fsmigrate.offline;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
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
  /** The option of a reading whose rows do not count as the source's, see {@link RowMeter}. */
  public static final String NOT_COUNTED = "fs.not.counted";

  private final SparkSession session;
  private final String location;
  private final String base;
  private final List<ParquetFooter> footers;
  private final StructType schema;
  private final List<String> unreadable;

  private ParquetSource(
      SparkSession session,
      String location,
      String base,
      List<ParquetFooter> footers,
      StructType schema,
      List<String> unreadable) {
    this.session = session;
    this.location = location;
    this.base = base;
    this.footers = footers;
    this.schema = schema;
    this.unreadable = List.copyOf(unreadable);
  }

  /**
   * Pins the files there now.
   *
   * @param location a file, or a directory whose Parquet files are taken at any depth
   * @throws io.fsmigrate.error.FsMigrateException when there is nothing, or something that is not
   *     Parquet, or files of different columns
   */
  public static ParquetSource open(SparkSession session, String location) {
    return open(session, location, false);
  }

  /**
   * The same.
   *
   * @param skipUnreadable whether files that are no Parquet any more are left out, as long as there
   *     are others
   */
  public static ParquetSource open(SparkSession session, String location, boolean skipUnreadable) {
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
    List<String> unreadable = new ArrayList<>();
    int all = files.size();
    List<ParquetFooter> footers =
        ParquetFooter.readAll(
            files.stream().map(PinnedFile::of).toList(),
            hadoop,
            (file, failure) -> {
              unreadable.add(file.path());
              if (!skipUnreadable || unreadable.size() == all) {
                throw failure;
              }
            });
    for (ParquetFooter footer : footers) {
      if (!footer.schema().equals(footers.get(0).schema())) {
        throw OfflineErrors.mixedSchemas(
            footer.file().path(), new Path(footers.get(0).file().path()).getName());
      }
    }
    boolean single = files.size() == 1 && files.get(0).getPath().equals(root);
    String base = single ? root.getParent().toString() : root.toString();
    return new ParquetSource(
        session, root.toString(), base, footers, schema(session, base, footers), unreadable);
  }

  /**
   * Files of a table whose columns are known: a column that a file does not have is null in its
   * rows, a column of the file that is not named is not read, and directories add no columns. The
   * caller has made sure that the columns the files do have are of these types.
   *
   * @param location what the files are called together
   * @param footers of the files; none is an empty source
   */
  public static ParquetSource of(
      SparkSession session, String location, List<ParquetFooter> footers, StructType schema) {
    return new ParquetSource(session, location, null, footers, schema, List.of());
  }

  /** The columns of the files, then those of partition directories, whose types fit all values. */
  private static StructType schema(SparkSession session, String base, List<ParquetFooter> footers) {
    Map<Path, String> ofEachDirectory = new LinkedHashMap<>();
    for (ParquetFooter footer : footers) {
      Path file = new Path(footer.file().path());
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
    DataFrameReader reader = session.read().option("__globPaths__", "false");
    // Without a base there are no partition directories, wherever the files lie.
    return base == null
        ? reader.option("recursiveFileLookup", "true")
        : reader.option("basePath", base);
  }

  /**
   * The Parquet files below a directory, at any depth, by path; none where it is not there.
   *
   * @throws IOException when it cannot be listed
   */
  public static List<PinnedFile> list(String location, Configuration hadoop) throws IOException {
    Path root = new Path(location);
    FileSystem fs = root.getFileSystem(hadoop);
    List<FileStatus> files = new ArrayList<>();
    try {
      collect(fs, fs.getFileStatus(root), files);
    } catch (FileNotFoundException e) {
      return List.of();
    }
    files.sort(Comparator.comparing(file -> file.getPath().toString()));
    return files.stream().map(PinnedFile::of).toList();
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

  @Override
  public SourceSnapshot snapshot() {
    Digest digest = new Digest();
    for (ParquetFooter footer : footers) {
      digest.add(footer.file().path());
      digest.add(Long.toString(footer.file().length()));
      digest.add(Long.toString(footer.file().modified()));
    }
    return new SourceSnapshot(
        "parquet",
        location,
        Optional.empty(),
        digest.hex(),
        footers.size(),
        footers.stream().mapToLong(f -> f.file().length()).sum(),
        Optional.of(slices().stream().mapToLong(InputSlice::rows).sum()),
        schema.toDDL());
  }

  @Override
  public List<String> unreadableFiles() {
    return unreadable;
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
