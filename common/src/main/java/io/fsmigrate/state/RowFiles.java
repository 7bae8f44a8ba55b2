package io.fsmigrate.state;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.defaults.internal.data.vector.DefaultBinaryVector;
import io.delta.kernel.defaults.internal.data.vector.DefaultLongVector;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Writes, finds and reads the data files of a state table. */
final class RowFiles {
  static final String ID = "id";
  static final StructType SCHEMA =
      new StructType()
          .add(ID, StringType.STRING, false)
          .add("kind", StringType.STRING, false)
          .add("at", TimestampType.TIMESTAMP, false)
          .add("json", StringType.STRING, false);

  private final String directory;
  private final Engine engine;
  private final Json json;

  RowFiles(String directory, Engine engine, Json json) {
    this.directory = directory;
    this.engine = engine;
    this.json = json;
  }

  /** Writes the rows; they are in the table only once a commit names the files. */
  List<DataFileStatus> write(Transaction transaction, List<StateRow> rows) throws IOException {
    Row state = transaction.getTransactionState(engine);
    FilteredColumnarBatch batch = new FilteredColumnarBatch(batch(rows), Optional.empty());
    // Not the context's directory: Kernel 4.4.0 gives that as a URI, and a space in the path would
    // become %20 in the directory's name.
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    try (CloseableIterator<FilteredColumnarBatch> data =
            Transaction.transformLogicalData(
                engine, state, iterator(List.of(batch).iterator()), Map.of());
        CloseableIterator<DataFileStatus> written =
            engine
                .getParquetHandler()
                .writeParquetFiles(directory, data, context.getStatisticsColumns())) {
      return drain(written);
    }
  }

  /** The commit actions that name the files. */
  List<Row> actions(Transaction transaction, List<DataFileStatus> files) throws IOException {
    Row state = transaction.getTransactionState(engine);
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    try (CloseableIterator<Row> actions =
        Transaction.generateAppendActions(engine, state, iterator(files.iterator()), context)) {
      return drain(actions);
    }
  }

  /** Every data file of the snapshot. */
  List<RowFile> list(Snapshot snapshot) throws IOException {
    Scan scan = snapshot.getScanBuilder().build();
    if (!(scan instanceof ScanImpl withStatistics)) {
      throw new IllegalStateException("Kernel's scan no longer delivers statistics");
    }
    List<RowFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        withStatistics.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            files.add(rowFile(rows.next()));
          }
        }
      }
    }
    return List.copyOf(files);
  }

  private RowFile rowFile(Row scanFile) {
    FileStatus file = InternalScanFileUtils.getAddFileStatus(scanFile);
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    int statistics = InternalScanFileUtils.ADD_FILE_STATS_ORDINAL;
    String text = add.isNullAt(statistics) ? "{}" : add.getString(statistics);
    return RowFile.of(file, json.tree(file.getPath(), text));
  }

  /** All rows of the files. */
  List<StateRow> read(List<FileStatus> files) throws IOException {
    List<StateRow> rows = new ArrayList<>();
    try (CloseableIterator<FileReadResult> results =
        engine
            .getParquetHandler()
            .readParquetFiles(iterator(files.iterator()), SCHEMA, Optional.empty())) {
      while (results.hasNext()) {
        add(results.next().getData(), rows);
      }
    }
    return rows;
  }

  private static void add(ColumnarBatch batch, List<StateRow> rows) {
    ColumnVector id = batch.getColumnVector(0);
    ColumnVector kind = batch.getColumnVector(1);
    ColumnVector at = batch.getColumnVector(2);
    ColumnVector content = batch.getColumnVector(3);
    for (int row = 0; row < batch.getSize(); row++) {
      rows.add(
          new StateRow(
              id.getString(row),
              kind.getString(row),
              Instant.EPOCH.plus(at.getLong(row), ChronoUnit.MICROS),
              content.getString(row)));
    }
  }

  private static ColumnarBatch batch(List<StateRow> rows) {
    int size = rows.size();
    long[] at =
        rows.stream()
            .mapToLong(row -> ChronoUnit.MICROS.between(Instant.EPOCH, row.at()))
            .toArray();
    ColumnVector[] columns = {
      texts(rows, StateRow::id),
      texts(rows, StateRow::kind),
      new DefaultLongVector(TimestampType.TIMESTAMP, size, Optional.empty(), at),
      texts(rows, StateRow::json)
    };
    return new DefaultColumnarBatch(size, SCHEMA, columns);
  }

  private static ColumnVector texts(List<StateRow> rows, Function<StateRow, String> text) {
    byte[][] bytes =
        rows.stream()
            .map(row -> text.apply(row).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    return new DefaultBinaryVector(StringType.STRING, bytes.length, bytes);
  }

  private static <T> CloseableIterator<T> iterator(Iterator<T> values) {
    return Utils.toCloseableIterator(values);
  }

  private static <T> List<T> drain(Iterator<T> values) {
    List<T> all = new ArrayList<>();
    values.forEachRemaining(all::add);
    return List.copyOf(all);
  }
}
