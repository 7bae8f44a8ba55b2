package io.fsmigrate.run;

import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.sagemaker.SageMakerSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A SageMaker feature group as a source: as far as it is known when it is planned, and as files
 * when the run has brought its rows together.
 */
final class SageMakerRows implements OfflineSource {
  private final SageMakerSource source;
  private final OfflineSource rows;
  private final Optional<Path> directory;

  private SageMakerRows(SageMakerSource source, OfflineSource rows, Optional<Path> directory) {
    this.source = source;
    this.rows = rows;
    this.directory = directory;
  }

  static SageMakerRows planned(SageMakerSource source) {
    return new SageMakerRows(source, source.planned(), Optional.empty());
  }

  @Override
  public OfflineSource stage(String runDirectory) {
    Path path = new Path(runDirectory);
    return new SageMakerRows(source, source.stage(path), Optional.of(path));
  }

  @Override
  public boolean isStaged() {
    return directory.isPresent();
  }

  @Override
  public Map<String, Long> costs() {
    return rows.costs();
  }

  @Override
  public void release() {
    directory.ifPresent(source::remove);
  }

  @Override
  public Optional<String> strategy() {
    return Optional.of(
        source.strategy()
            + source.pushedDown().map(sql -> "; Athena filters by " + sql).orElse(""));
  }

  @Override
  public List<String> warnings() {
    return source.warnings();
  }

  @Override
  public SourceSnapshot snapshot() {
    return rows.snapshot();
  }

  @Override
  public StructType schema() {
    return rows.schema();
  }

  @Override
  public List<InputSlice> slices() {
    return rows.slices();
  }

  @Override
  public Dataset<Row> read(InputUnit unit) {
    return rows.read(unit);
  }

  @Override
  public Dataset<Row> read(InputUnit unit, String observation) {
    return rows.read(unit, observation);
  }

  @Override
  public boolean leavesOutRows() {
    return rows.leavesOutRows();
  }

  @Override
  public List<Decoding> decodings() {
    return rows.decodings();
  }
}
