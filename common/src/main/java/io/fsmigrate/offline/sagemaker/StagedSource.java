package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.SourceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Files that hold a feature group's rows, with what deletions take away left out.
 *
 * @param costs what it took to bring them together
 * @param rows the files, with the features and, where there are deletions, is_deleted
 */
record StagedSource(
    SourceSnapshot snapshot,
    StructType schema,
    List<Decoding> decodings,
    Map<String, Long> costs,
    ParquetSource rows,
    Deletions deletions,
    Deletions.Found found)
    implements OfflineSource {
  @Override
  public List<InputSlice> slices() {
    return rows.slices();
  }

  @Override
  public boolean leavesOutRows() {
    return found.rows() > 0;
  }

  @Override
  public Dataset<Row> read(InputUnit unit) {
    return read(unit, Optional.empty());
  }

  @Override
  public Dataset<Row> read(InputUnit unit, String observation) {
    return read(unit, Optional.of(observation));
  }

  private Dataset<Row> read(InputUnit unit, Optional<String> observation) {
    Dataset<Row> all = rows.read(unit);
    if (!leavesOutRows()) {
      return all;
    }
    Column[] features =
        java.util.Arrays.stream(schema.fieldNames()).map(Rows::named).toArray(Column[]::new);
    return deletions.leaveOut(all, found, observation).select(features);
  }
}
