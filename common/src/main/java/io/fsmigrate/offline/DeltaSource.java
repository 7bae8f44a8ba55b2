package io.fsmigrate.offline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One version of a Delta table, read file by file.
 *
 * <p>This class alone uses {@code DeltaLog}, which is internal to Delta: a filter on the file's
 * path does not prune, it reads every file, whereas a frame made from chosen files reads just those
 * and honours their deletion vectors.
 */
public final class DeltaSource implements OfflineSource {
  private final Snapshot snapshot;
  private final String location;
  private final Map<String, AddFile> files;
  private final List<InputSlice> slices;

  private DeltaSource(
      Snapshot snapshot, String location, Map<String, AddFile> files, List<InputSlice> slices) {
    this.snapshot = snapshot;
    this.location = location;
    this.files = files;
    this.slices = slices;
  }

  /**
   * Pins a table.
   *
   * @param version the Delta version to read; empty for the newest
   * @throws io.fsmigrate.error.FsMigrateException when there is no such table or version
   */
  public static DeltaSource open(SparkSession session, String location, Optional<Long> version) {
    DeltaLog log = DeltaLog.forTable(session, new Path(location));
    if (!log.tableExists()) {
      throw OfflineErrors.notDelta(location);
    }
    Snapshot snapshot;
    try {
      snapshot =
          version.isPresent()
              ? DeltaVersions.at(log, version.get())
              : log.update(false, Option.empty(), Option.empty());
    } catch (RuntimeException e) {
      throw OfflineErrors.versionGone(location, version.orElse(-1L), e);
    }
    Map<String, AddFile> files = new HashMap<>();
    List<InputSlice> slices = new ArrayList<>();
    for (AddFile file : snapshot.allFiles().collectAsList()) {
      // Two entries may share a path and differ in their deletion vector.
      Option<String> vector = file.getDeletionVectorUniqueId();
      String key = vector.isDefined() ? file.path() + "#" + vector.get() : file.path();
      files.put(key, file);
      Option<Object> rows = file.numLogicalRecords();
      slices.add(
          new InputSlice(
              key, 0, file.size(), file.size(), rows.isDefined() ? (Long) rows.get() : -1));
    }
    return new DeltaSource(snapshot, location, files, slices);
  }

  @Override
  public SourceSnapshot snapshot() {
    long rows = slices.stream().mapToLong(InputSlice::rows).sum();
    boolean known = slices.stream().allMatch(slice -> slice.rows() >= 0);
    return new SourceSnapshot(
        "delta",
        location,
        Optional.of(snapshot.version()),
        new Digest().add(snapshot.metadata().id()).add(Long.toString(snapshot.version())).hex(),
        slices.size(),
        slices.stream().mapToLong(InputSlice::length).sum(),
        known ? Optional.of(rows) : Optional.empty(),
        schema().toDDL());
  }

  @Override
  public StructType schema() {
    return snapshot.metadata().schema();
  }

  @Override
  public List<InputSlice> slices() {
    return slices;
  }

  /** Every row of the version. */
  public Dataset<Row> readAll() {
    return read(UnitPacking.single(slices).get(0));
  }

  /** The rows of the files with one of these names, without directories. */
  public Dataset<Row> readFiles(Set<String> names) {
    return read(
        files.values().stream()
            .filter(file -> names.contains(new Path(file.path()).getName()))
            .toList());
  }

  @Override
  public Dataset<Row> read(InputUnit unit) {
    return read(unit.slices().stream().map(slice -> files.get(slice.path())).toList());
  }

  private Dataset<Row> read(List<AddFile> chosen) {
    return snapshot
        .deltaLog()
        .createDataFrame(
            snapshot, CollectionConverters.asScala(chosen).toSeq(), false, Option.empty());
  }
}
