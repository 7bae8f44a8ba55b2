package io.fsmigrate.online;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A struct in the order of its fields, from either of the two forms it is handed over in. */
public final class StructValue {
  private StructValue() {}

  /**
   * The values of its fields, absent ones null.
   *
   * @throws UnwritableValueException WRONG_TYPE
   */
  public static List<?> of(ValueType type, Object value) throws UnwritableValueException {
    if (value instanceof List<?> list) {
      if (list.size() != type.fields().size()) {
        throw new UnwritableValueException(
            "WRONG_TYPE",
            "the struct has %d values for %d fields".formatted(list.size(), type.fields().size()));
      }
      return list;
    }
    Map<?, ?> map = ScalarText.as(Map.class, type, value);
    List<Object> values = new ArrayList<>(type.fields().size());
    int known = 0;
    for (String field : type.fields()) {
      known += map.containsKey(field) ? 1 : 0;
      values.add(map.get(field));
    }
    if (known != map.size()) {
      throw new UnwritableValueException(
          "WRONG_TYPE",
          "the struct has fields other than %s".formatted(String.join(", ", type.fields())));
    }
    return values;
  }
}
