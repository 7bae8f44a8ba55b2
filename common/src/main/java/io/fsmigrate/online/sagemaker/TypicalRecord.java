package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;

/**
 * How large a record may be that nobody has looked at: names, and values as their types let expect.
 */
final class TypicalRecord {
  private static final int NUMBER_BYTES = 8;
  private static final int TIME_BYTES = 20;
  private static final int TEXT_BYTES = 24;
  private static final int NESTED_BYTES = 200;

  private TypicalRecord() {}

  /** Bytes of a record with that schema. */
  static long bytes(FeatureSchema schema) {
    return schema.features().stream().mapToLong(TypicalRecord::bytes).sum();
  }

  private static long bytes(Feature feature) {
    return feature.name().length() + valueBytes(feature);
  }

  private static long valueBytes(Feature feature) {
    String type = feature.type().sql();
    if (type.startsWith("array") || type.startsWith("map") || type.startsWith("struct")) {
      return NESTED_BYTES;
    }
    if (type.startsWith("timestamp") || type.equals("date")) {
      return TIME_BYTES;
    }
    return type.equals("string") || type.equals("binary") ? TEXT_BYTES : NUMBER_BYTES;
  }
}
