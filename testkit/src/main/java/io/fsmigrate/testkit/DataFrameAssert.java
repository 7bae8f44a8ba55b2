package io.fsmigrate.testkit;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the content of a DataFrame, the order of rows ignored.
 *
 * <p>Values are equal as in Java: null equals null, NaN equals NaN, and 0.0 differs from -0.0.
 * Decimals are compared by value, whatever their scale; {@code java.sql} and {@code java.time}
 * values of the same instant or day are equal. The rows are collected once into this JVM.
 */
public final class DataFrameAssert extends AbstractAssert<DataFrameAssert, Dataset<Row>> {

  private DataFrameAssert(Dataset<Row> actual) {
    super(actual, DataFrameAssert.class);
  }

  /** Begins an assertion on a DataFrame. */
  public static DataFrameAssert assertThatDataFrame(Dataset<Row> actual) {
    return new DataFrameAssert(actual);
  }

  /**
   * The columns are these, in this order; whether a column may be null does not matter.
   *
   * @param ddl such as {@code route STRING, delay INT}
   */
  public DataFrameAssert hasSchema(String ddl) {
    isNotNull();
    requireSchema(StructType.fromDDL(ddl));
    return this;
  }

  /** There are these rows and no others, each as often as it is given. */
  public DataFrameAssert containsExactlyRows(Row... rows) {
    isNotNull();
    return compare(Arrays.asList(rows), true);
  }

  /** There are at least these rows, each at least as often as it is given. */
  public DataFrameAssert hasRows(Row... rows) {
    isNotNull();
    return compare(Arrays.asList(rows), false);
  }

  /** There is this number of rows. */
  public DataFrameAssert hasRowCount(long rows) {
    isNotNull();
    long count = actual.count();
    if (count != rows) {
      failWithActualExpectedAndMessage(
          count, rows, "Expecting %s rows but there are %s", rows, count);
    }
    return this;
  }

  /** Both have the same columns and the same rows, each as often. */
  public DataFrameAssert isEqualTo(Dataset<Row> expected) {
    isNotNull();
    requireSchema(expected.schema());
    return compare(expected.collectAsList(), true);
  }

  @Override
  @SuppressWarnings("unchecked") // DataFrames are all of this type; another is a failed assertion.
  public DataFrameAssert isEqualTo(Object expected) {
    if (expected instanceof Dataset<?> dataset) {
      return isEqualTo((Dataset<Row>) dataset);
    }
    return super.isEqualTo(expected);
  }

  private void requireSchema(StructType expected) {
    List<String> expectedColumns = columns(expected);
    List<String> actualColumns = columns(actual.schema());
    if (!actualColumns.equals(expectedColumns)) {
      failWithActualExpectedAndMessage(
          actualColumns,
          expectedColumns,
          "Expecting columns%n  %s%nbut they are%n  %s",
          String.join(", ", expectedColumns),
          String.join(", ", actualColumns));
    }
  }

  private DataFrameAssert compare(List<Row> expected, boolean exactly) {
    RowDiff diff = RowDiff.of(expected, actual.collectAsList());
    if (!diff.missing().isEmpty() || (exactly && !diff.extra().isEmpty())) {
      failWithMessage("%s", diff.describe(Arrays.asList(actual.columns()), exactly));
    }
    return this;
  }

  private static List<String> columns(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(field -> field.name() + " " + field.dataType().catalogString())
        .toList();
  }
}
