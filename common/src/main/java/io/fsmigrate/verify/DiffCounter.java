package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts what {@link RowDiff} finds. */
final class DiffCounter {
  private static final List<String> KINDS =
      List.of(
          RowVerdict.MISSING.text(),
          RowVerdict.EXTRA.text(),
          RowVerdict.DIFFERENT.text(),
          RowDiff.TOLERATED);

  private final ComparedSchema schema;

  DiffCounter(ComparedSchema schema) {
    this.schema = schema;
  }

  DiffCounts counted(Dataset<Row> diff) {
    List<Column> counts = new ArrayList<>();
    KINDS.forEach(kind -> counts.add(count(when(col(RowDiff.KIND).equalTo(kind), lit(1)))));
    Column pair = col(RowDiff.EXPECTED).isNotNull().and(col(RowDiff.ACTUAL).isNotNull());
    Column missing = col(RowDiff.ACTUAL).isNull();
    for (ComparedFeature feature : schema.features()) {
      Column expected = col(RowDiff.EXPECTED).getField(feature.column());
      Column actual = col(RowDiff.ACTUAL).getField(feature.column());
      counts.add(count(when(col(RowDiff.differs(feature)), lit(1))));
      counts.add(
          feature.isNumeric()
              ? coalesce(sum(feature.symmetricError(expected, actual)), lit(0.0))
              : lit(0.0));
      counts.add(count(when(missing.and(expected.isNotNull()), lit(1))));
      counts.add(count(when(pair.and(expected.isNotNull()).and(actual.isNull()), lit(1))));
    }
    Row row =
        diff.agg(counts.get(0), counts.subList(1, counts.size()).toArray(new Column[0])).head();
    List<FeatureDifferences> features = new ArrayList<>();
    for (ComparedFeature feature : schema.features()) {
      int at = KINDS.size() + 4 * feature.position();
      features.add(
          new FeatureDifferences(
              feature.name(),
              row.getLong(at),
              row.getDouble(at + 1),
              row.getLong(at + 2),
              row.getLong(at + 3)));
    }
    return new DiffCounts(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3), features);
  }
}
