package io.fsmigrate.feature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must not be shown of rows, and what is shown in its place: the only place that says so. A
 * masked value is the same text whatever it was: a hash would give away values of which there are
 * few.
 *
 * @param everything whether no value at all may be shown; names are
 * @param columns whose values may not, in lower case
 */
public record Masking(boolean everything, Set<String> columns) implements Serializable {
  /** What is shown. */
  public static final String MASK = "***";

  /** What is shown of the words of somebody who may have quoted a value. */
  public static final String WORDS =
      "its words are not kept, since there are sensitive features whose values may be in them";

  // Numbers that are not masked must stay as they are, to the last digit.
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .build();

  /** Codes of checks that see one feature, and show nothing but its value. */
  private static final Set<String> OF_ONE_FEATURE = Set.of("CAST", "CONTRACT", "DECODE");

  public Masking {
    columns = Set.copyOf(columns);
  }

  /** Where nothing is sensitive. */
  public static Masking none() {
    return new Masking(false, Set.of());
  }

  /** Of rows of one version. */
  public static Masking of(VersionedGroup version) {
    return new Masking(false, new TreeSet<>(lowerCase(version.schema().sensitive())));
  }

  static List<String> lowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether there is anything to hide. */
  public boolean isNeeded() {
    return everything || !columns.isEmpty();
  }

  /** A row as JSON, with the values masked; null stays null. */
  public String row(String json) {
    if (json == null || !isNeeded()) {
      return json;
    }
    try {
      ObjectNode row = (ObjectNode) JSON.readTree(json);
      for (String name : List.copyOf(names(row))) {
        if (hides(name) && !row.path(name).isNull()) {
          row.put(name, MASK);
        }
      }
      return row.toString();
    } catch (JsonProcessingException e) {
      // Nothing of it: the parser quotes what it cannot read.
      return null;
    }
  }

  private static List<String> names(ObjectNode row) {
    return row.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  /**
   * What a check saw.
   *
   * @param code of the check
   * @param feature to blame; null where there is not just one
   */
  public String value(String code, String feature, String value) {
    boolean shown = OF_ONE_FEATURE.contains(code) && feature != null && !hides(feature);
    return value == null || !isNeeded() || shown ? value : MASK;
  }

  private boolean hides(String column) {
    return everything || columns.contains(column.toLowerCase(Locale.ROOT));
  }
}
