package io.fsmigrate.offline;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * Spark's own Parquet reader, limited to one byte range of one file.
 *
 * <p>Spark has no option to read some row groups of a file, and a filter on the block's position
 * reads the rest all the same. So the file is split as always, and each split is cut down to its
 * part of the range before it is opened: a split outside the range costs no I/O. A row group is
 * read by the split that holds its middle byte, so ranges that cover a file deliver each row once,
 * however Spark splits it.
 */
public final class RangedParquetFormat extends ParquetFileFormat {
  private static final long serialVersionUID = 1L;

  /** First byte of the range. */
  static final String RANGE_START = "fs.range.start";

  /** One past the last byte of the range. */
  static final String RANGE_END = "fs.range.end";

  @Override
  public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
      SparkSession session,
      StructType dataSchema,
      StructType partitionSchema,
      StructType requiredSchema,
      Seq<Filter> filters,
      Map<String, String> options,
      Configuration hadoopConf) {
    long start = Long.parseLong(options.apply(RANGE_START));
    long end = Long.parseLong(options.apply(RANGE_END));
    return new RangedReader(
        super.buildReaderWithPartitionValues(
            session, dataSchema, partitionSchema, requiredSchema, filters, options, hadoopConf),
        start,
        end);
  }

  /** Cuts a split to the range, or skips it. */
  private static final class RangedReader
      extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Function1<PartitionedFile, Iterator<InternalRow>> reader;
    private final long start;
    private final long end;

    RangedReader(Function1<PartitionedFile, Iterator<InternalRow>> reader, long start, long end) {
      this.reader = reader;
      this.start = start;
      this.end = end;
    }

    @Override
    public Iterator<InternalRow> apply(PartitionedFile split) {
      long from = Math.max(start, split.start());
      long to = Math.min(end, split.start() + split.length());
      if (from >= to) {
        List<InternalRow> none = new ArrayList<>();
        return scala.jdk.javaapi.CollectionConverters.asScala(none.iterator());
      }
      return reader.apply(
          split.copy(
              split.partitionValues(),
              split.filePath(),
              from,
              to - from,
              split.locations(),
              split.modificationTime(),
              split.fileSize(),
              split.otherConstantMetadataColumnValues()));
    }
  }
}
