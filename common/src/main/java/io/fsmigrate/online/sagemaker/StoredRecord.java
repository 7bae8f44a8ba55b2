package io.fsmigrate.online.sagemaker;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record as the service gave it back.
 *
 * @param features by name: a text, or a list of texts for a collection
 */
record StoredRecord(Map<String, Object> features) {
  StoredRecord {
    features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
  }

  /** The text of that feature; null where it is absent. */
  String text(String feature) {
    return (String) features.get(feature);
  }

  /** A text or a list of texts; null where it is absent. */
  Object value(String feature) {
    Object value = features.get(feature);
    return value instanceof List<?> list ? List.copyOf(list) : value;
  }
}
