package io.fsmigrate.verify;

import java.math.BigDecimal;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What values of one feature add up to: how many, the least, the greatest, the sum. */
abstract sealed class FeatureTotals {
  /** The form of {@link #row}; decimals by their digits alone, for each type has one scale. */
  static final String TYPE =
      "struct<position: int, present: bigint, least_whole: bigint, most_whole: bigint,"
          + " least_floating: double, most_floating: double,"
          + " least_exact: decimal(38, 0), most_exact: decimal(38, 0), total: double>";

  /** The names of its fields, in their order. */
  static final String[] NAMES = ((StructType) DataType.fromDDL(TYPE)).fieldNames();

  private long present;
  private double total;

  static FeatureTotals of(Measure measure) {
    return switch (measure) {
      case WHOLE -> new Whole();
      case FLOATING -> new Floating();
      case EXACT -> new Exact();
    };
  }

  /** Of a feature without a measure. */
  static Row row(int position, long present) {
    return RowFactory.create(position, present, null, null, null, null, null, null, null);
  }

  /** Adds a measured value, unless it is null. */
  final void add(Row row, int at) {
    if (!row.isNullAt(at)) {
      total += value(row, at, present == 0);
      present++;
    }
  }

  /** In the form {@link #TYPE}. */
  final Row row(int position) {
    return present == 0 ? row(position, 0) : row(position, present, total);
  }

  /** Takes a value and returns it as a number. */
  abstract double value(Row row, int at, boolean first);

  abstract Row row(int position, long present, double total);

  private static final class Whole extends FeatureTotals {
    private long least;
    private long most;

    @Override
    double value(Row row, int at, boolean first) {
      long value = row.getLong(at);
      least = first ? value : Math.min(least, value);
      most = first ? value : Math.max(most, value);
      return value;
    }

    @Override
    Row row(int position, long present, double total) {
      return RowFactory.create(position, present, least, most, null, null, null, null, total);
    }
  }

  private static final class Floating extends FeatureTotals {
    private double least;
    private double most;

    @Override
    double value(Row row, int at, boolean first) {
      // So that -0.0 is 0.0, which it equals.
      double value = row.getDouble(at) + 0.0;
      least = first || Double.compare(value, least) < 0 ? value : least;
      most = first || Double.compare(value, most) > 0 ? value : most;
      return value;
    }

    @Override
    Row row(int position, long present, double total) {
      return RowFactory.create(position, present, null, null, least, most, null, null, total);
    }
  }

  private static final class Exact extends FeatureTotals {
    private BigDecimal least;
    private BigDecimal most;

    @Override
    double value(Row row, int at, boolean first) {
      BigDecimal value = row.getDecimal(at);
      least = first ? value : least.min(value);
      most = first ? value : most.max(value);
      return value.doubleValue();
    }

    @Override
    Row row(int position, long present, double total) {
      return RowFactory.create(
          position, present, null, null, null, null, digits(least), digits(most), total);
    }

    private static BigDecimal digits(BigDecimal value) {
      return new BigDecimal(value.unscaledValue());
    }
  }
}
