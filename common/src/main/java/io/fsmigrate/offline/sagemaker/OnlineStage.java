package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Online records as Parquet files beside the run: read once, so that every unit, attempt and retry
 * of the run sees the same ones.
 */
final class OnlineStage {
  private static final String MARK = "online.json";
  private static final String DIRECTORY = "online";
  private static final String IDENTIFIERS = "identifiers.json";
  private static final String ID = "__fs_id";
  private static final String NEWEST = "__fs_newest";

  private final SparkSession session;
  private final FeatureGroupDescription group;
  private final OnlineRecords online;
  private final RunFiles files;

  /** The files of the records. */
  record Staged(List<PinnedFile> files) {
    Staged {
      files = List.copyOf(files);
    }
  }

  OnlineStage(
      SparkSession session, FeatureGroupDescription group, OnlineRecords online, RunFiles files) {
    this.session = session;
    this.group = group;
    this.online = online;
    this.files = files;
  }

  /**
   * The records that the offline store does not have, or has older; all of them without it.
   *
   * @param offline every row of the offline store, deletions included
   */
  Staged stage(Optional<Dataset<Row>> offline) {
    Optional<Staged> before = files.read(MARK, Staged.class);
    if (before.isPresent()) {
      return before.get();
    }
    Dataset<Row> rows =
        offline.isPresent() ? newerThan(offline.get()) : records(listed().distinct());
    rows.write().mode("overwrite").parquet(files.path(DIRECTORY));
    Staged staged = new Staged(files.files(DIRECTORY));
    files.write(MARK, staged);
    return staged;
  }

  private Dataset<Row> newerThan(Dataset<Row> offline) {
    Column id = Rows.identifier(group);
    Dataset<Row> newest =
        offline
            .where(id.isNotNull())
            .groupBy(id.cast("string").as(ID))
            .agg(max(Rows.newestKey(group)).as(NEWEST));
    Dataset<Row> identifiers = newest.select(ID);
    if (online.listsIdentifiers()) {
      identifiers = identifiers.union(listed()).distinct();
    }
    return records(identifiers)
        .join(newest, id.cast("string").equalTo(col(ID)), "left_outer")
        .where(col(NEWEST).isNull().or(Rows.newestKey(group).gt(col(NEWEST))))
        .drop(ID, NEWEST);
  }

  /** Kept in a file, since the driver's memory may not hold them all. */
  private Dataset<Row> listed() {
    Path file = new Path(files.path(IDENTIFIERS));
    ObjectMapper json = new ObjectMapper();
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(
                file.getFileSystem(session.sparkContext().hadoopConfiguration()).create(file, true),
                StandardCharsets.UTF_8))) {
      for (Iterator<String> all = online.identifiers(); all.hasNext(); ) {
        out.write(json.writeValueAsString(Map.of(ID, all.next())));
        out.write('\n');
      }
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(file.toString(), e);
    }
    return session
        .read()
        .schema(new StructType().add(ID, DataTypes.StringType))
        .json(file.toString());
  }

  private Dataset<Row> records(Dataset<Row> identifiers) {
    StructType schema = GroupColumns.all(group);
    List<Definition> features = group.features();
    OnlineRecords store = online;
    MapPartitionsFunction<Row, Row> read = ids -> rows(features, store.records(texts(ids)));
    return identifiers.mapPartitions(read, Encoders.row(schema));
  }

  // Static, so that a task is not sent all of this.
  private static Iterator<Row> rows(
      List<Definition> features, Iterator<OnlineRecords.Values> values) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return values.hasNext();
      }

      @Override
      public Row next() {
        return row(features, values.next());
      }
    };
  }

  private static Iterator<String> texts(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        return rows.next().getString(0);
      }
    };
  }

  private static Row row(List<Definition> features, OnlineRecords.Values values) {
    Object[] row = new Object[features.size() + 3];
    for (int i = 0; i < features.size(); i++) {
      Definition feature = features.get(i);
      if (feature.collection() == null) {
        row[i] = value(feature, values.single().get(feature.name()));
      } else {
        List<String> elements = values.collections().get(feature.name());
        if (elements != null) {
          List<Object> parsed = new ArrayList<>(elements.size());
          elements.forEach(element -> parsed.add(value(feature, element)));
          row[i] = scala.jdk.javaapi.CollectionConverters.asScala(parsed).toSeq();
        }
      }
    }
    row[features.size() + 2] = false;
    return RowFactory.create(row);
  }

  private static Object value(Definition feature, String text) {
    if (text == null) {
      return null;
    }
    DataType type = GroupColumns.type(feature);
    DataType element =
        type instanceof org.apache.spark.sql.types.ArrayType array ? array.elementType() : type;
    if (element.equals(DataTypes.LongType)) {
      return Long.valueOf(text);
    }
    return element.equals(DataTypes.DoubleType) ? (Object) Double.valueOf(text) : text;
  }
}
