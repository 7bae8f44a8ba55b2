package io.fsmigrate.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** Reads the failed records of a run from their Delta table, without Spark. */
public final class FailedRecordReader {
  /** The columns that hold a row as a JSON object. */
  private static final Set<String> ROWS = Set.of("original", "transformed");

  private static final StructType CAUSES =
      new StructType()
          .add("store", StringType.STRING)
          .add("code", StringType.STRING)
          .add("reason", StringType.STRING);

  private final Engine engine;
  private final ObjectMapper mapper =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  /**
   * @param configuration access to the table's file system
   */
  public FailedRecordReader(Configuration configuration) {
    engine = DefaultEngine.create(configuration);
  }

  /**
   * Hands over every failed record, its fields in the order of the table's columns and rows as
   * objects. A table of an earlier release has fewer columns.
   *
   * @param table where the table is; a run without failed records has none
   * @return how many there were
   */
  public long read(String table, Consumer<ObjectNode> records) {
    return read(table, Optional.empty(), Long.MAX_VALUE, records);
  }

  /**
   * Hands over some failed records with their store, code and reason only.
   *
   * @param limit how many at most
   */
  void readCauses(String table, long limit, Consumer<ObjectNode> records) {
    read(table, Optional.of(CAUSES), limit, records);
  }

  private long read(
      String table, Optional<StructType> columns, long limit, Consumer<ObjectNode> records) {
    try {
      ScanBuilder builder = TableManager.loadSnapshot(table).build(engine).getScanBuilder();
      Scan scan = columns.map(builder::withReadSchema).orElse(builder).build();
      Row state = scan.getScanState(engine);
      long count = 0;
      try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
        while (files.hasNext() && count < limit) {
          try (CloseableIterator<Row> rows = files.next().getRows()) {
            while (rows.hasNext() && count < limit) {
              count += readFile(state, rows.next(), limit - count, records);
            }
          }
        }
      }
      return count;
    } catch (TableNotFoundException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table, e);
    }
  }

  private long readFile(Row state, Row file, long limit, Consumer<ObjectNode> records)
      throws IOException {
    StructType schema = ScanStateRow.getPhysicalDataReadSchema(state);
    long count = 0;
    try (CloseableIterator<FileReadResult> results =
            engine
                .getParquetHandler()
                .readParquetFiles(
                    Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                    schema,
                    Optional.empty());
        CloseableIterator<ColumnarBatch> physical = results.map(FileReadResult::getData);
        CloseableIterator<FilteredColumnarBatch> logical =
            Scan.transformPhysicalData(engine, state, file, physical)) {
      while (logical.hasNext() && count < limit) {
        try (CloseableIterator<Row> rows = logical.next().getRows()) {
          while (rows.hasNext() && count < limit) {
            records.accept(record(rows.next()));
            count++;
          }
        }
      }
    }
    return count;
  }

  private ObjectNode record(Row row) {
    ObjectNode record = mapper.createObjectNode();
    for (int i = 0; i < row.getSchema().length(); i++) {
      String name = row.getSchema().at(i).getName();
      if (name.equals(RowProtection.SEALED)) {
        continue; // For a retry, and nobody else.
      }
      if (row.isNullAt(i)) {
        record.putNull(name);
      } else {
        record.set(name, value(row, i, name));
      }
    }
    return record;
  }

  private JsonNode value(Row row, int i, String name) {
    DataType type = row.getSchema().at(i).getDataType();
    if (type instanceof StringType) {
      String text = row.getString(i);
      return ROWS.contains(name) ? parsed(text) : mapper.getNodeFactory().textNode(text);
    }
    if (type instanceof BooleanType) {
      return mapper.getNodeFactory().booleanNode(row.getBoolean(i));
    }
    if (type instanceof IntegerType) {
      return mapper.getNodeFactory().numberNode(row.getInt(i));
    }
    if (type instanceof LongType) {
      return mapper.getNodeFactory().numberNode(row.getLong(i));
    }
    if (type instanceof TimestampType) {
      return mapper
          .getNodeFactory()
          .textNode(Instant.EPOCH.plus(row.getLong(i), ChronoUnit.MICROS).toString());
    }
    throw new IllegalStateException("Failed records have no " + type + ", as in " + name);
  }

  private JsonNode parsed(String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not the JSON that a run writes", e);
    }
  }
}
