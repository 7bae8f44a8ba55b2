package io.fsmigrate.run;

import io.fsmigrate.online.OnlineRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/** From Spark's rows to records as stores take them. */
final class RecordValues {
  private RecordValues() {}

  /** The first columns of a row, as many as there are features. */
  static OnlineRecord of(Row row, int features) {
    List<Object> values = new ArrayList<>(features);
    for (int i = 0; i < features; i++) {
      values.add(value(row.get(i)));
    }
    return new OnlineRecord(values);
  }

  /** The features of a row as {@link NewestRecords} makes it: without the count at its end. */
  static Row features(Row row) {
    Object[] values = new Object[row.length() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return RowFactory.create(values);
  }

  /** From Spark's Scala collections and rows to what {@link OnlineRecord} lists. */
  private static Object value(Object value) {
    if (value instanceof scala.collection.Seq<?> seq) {
      return CollectionConverters.asJava(seq).stream()
          .collect(ArrayList::new, (list, v) -> list.add(value(v)), ArrayList::addAll);
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      CollectionConverters.asJava(map).forEach((k, v) -> converted.put(value(k), value(v)));
      return converted;
    }
    if (value instanceof Row row) {
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        fields.add(value(row.get(i)));
      }
      return fields;
    }
    return value;
  }
}
