package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.catalog.SealKey;
import io.fsmigrate.feature.Masking;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Hides sensitive values in failed records before they are kept, and keeps them sealed beside,
 * where there is a key, for a retry to read.
 */
record RowProtection(Masking masking, Optional<SealKey> key) {
  /** Has the original as it was; there only where values are hidden. */
  static final String SEALED = "sealed";

  /** The original as it was, until the record is kept. */
  static final String PLAIN = "__fs_plain";

  /** Where nothing is sensitive. */
  static RowProtection none() {
    return new RowProtection(Masking.none(), Optional.empty());
  }

  /** Failed records as they may be kept, and {@link #PLAIN}. */
  Dataset<Row> applied(Dataset<Row> failed) {
    Dataset<Row> plain = failed.withColumn(PLAIN, col("original"));
    if (!masking.isNeeded()) {
      return plain;
    }
    Masking hidden = masking;
    UDF1<String, String> masked = hidden::row;
    UDF3<String, String, String, String> value = hidden::value;
    // What a store says may quote a value; what a check says is what its definition says.
    Column offline = col("store").equalTo(OfflinePhase.STORE);
    return plain
        .withColumn(SEALED, key.map(RowProtection::seal).orElse(lit(null).cast("binary")))
        .withColumn(
            "value",
            functions
                .udf(value, DataTypes.StringType)
                .apply(col("code"), col("feature"), col("value")))
        .withColumn("reason", when(offline, col("reason")).otherwise(lit(Masking.WORDS)))
        .withColumn("original", functions.udf(masked, DataTypes.StringType).apply(col("original")))
        .withColumn(
            "transformed", functions.udf(masked, DataTypes.StringType).apply(col("transformed")))
        .withColumn("retryable", key.isPresent() ? col("retryable") : lit(false));
  }

  private static Column seal(SealKey key) {
    UDF1<String, byte[]> seal =
        text -> text == null ? null : key.seal(text.getBytes(StandardCharsets.UTF_8));
    return functions.udf(seal, DataTypes.BinaryType).apply(col("original"));
  }

  /** What is in a column that was sealed; null where it was not, or by another key. */
  static Column opened(Optional<SealKey> key, Column sealed) {
    if (key.isEmpty()) {
      return lit(null).cast("string");
    }
    SealKey opening = key.get();
    UDF1<byte[], String> open =
        bytes ->
            bytes == null
                ? null
                : opening
                    .open(bytes)
                    .map(plain -> new String(plain, StandardCharsets.UTF_8))
                    .orElse(null);
    return functions.udf(open, DataTypes.StringType).apply(sealed);
  }
}
