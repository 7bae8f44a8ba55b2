package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a declarative migration. Steps apply in order, each to what the one before left.
 * Expressions are Spark SQL over the features that are there before the step.
 */
public sealed interface Step {
  /** The step's key in the configuration, such as {@code rename}. */
  String kind();

  /** What the step says, by key of the configuration; enough to tell two steps apart. */
  Map<String, String> fields();

  /**
   * Adds a feature at the end; a feature of that name must not be there.
   *
   * @param type the type of the new feature; always there with a default, and with an expression
   *     the type that its value is cast to
   * @param defaultText the value of every row, as text of {@code type}
   * @param expression the value of a row; exactly one of default and expression is there
   */
  record Add(
      String name,
      Optional<FeatureType> type,
      Optional<String> defaultText,
      Optional<String> expression)
      implements Step {
    public Add {
      if (defaultText.isPresent() == expression.isPresent()) {
        throw MigrationErrors.defaultOrExpression(name);
      }
      if (defaultText.isPresent()) {
        FeatureType typed = type.orElseThrow(() -> MigrationErrors.defaultNeedsType(name));
        DefaultValues.check(name, typed, defaultText.get());
      }
      expression = expression.map(String::strip);
    }

    /** The value as a Spark SQL expression; a default is cast from its text to the type. */
    public String valueSql() {
      return expression.orElseGet(
          () -> DefaultValues.sql(defaultText.orElseThrow(), type.orElseThrow()));
    }

    @Override
    public String kind() {
      return "add";
    }

    @Override
    public Map<String, String> fields() {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("name", name);
      type.ifPresent(t -> fields.put("type", t.sql()));
      defaultText.ifPresent(d -> fields.put("default", d));
      expression.ifPresent(e -> fields.put("expression", e));
      return fields;
    }
  }

  /** Gives a feature another name; its place stays. */
  record Rename(String from, String to) implements Step {
    @Override
    public String kind() {
      return "rename";
    }

    @Override
    public Map<String, String> fields() {
      return ordered("from", from, "to", to);
    }
  }

  /** Leaves a feature out. */
  record Drop(String name) implements Step {
    @Override
    public String kind() {
      return "drop";
    }

    @Override
    public Map<String, String> fields() {
      return Map.of("name", name);
    }
  }

  /** Changes the type of a feature; a row whose value does not fit the type fails. */
  record Cast(String name, FeatureType to) implements Step {
    @Override
    public String kind() {
      return "cast";
    }

    @Override
    public Map<String, String> fields() {
      return ordered("name", name, "type", to.sql());
    }
  }

  /** Sets a feature to an expression, which may use its old value; adds it if it is not there. */
  record SetTo(String name, String expression) implements Step {
    public SetTo {
      expression = expression.strip();
    }

    @Override
    public String kind() {
      return "set";
    }

    @Override
    public Map<String, String> fields() {
      return ordered("name", name, "expression", expression);
    }
  }

  /** Keeps the rows for which a boolean expression is true; the others count as filtered. */
  record Filter(String expression) implements Step {
    public Filter {
      expression = expression.strip();
    }

    @Override
    public String kind() {
      return "filter";
    }

    @Override
    public Map<String, String> fields() {
      return Map.of("expression", expression);
    }
  }

  private static Map<String, String> ordered(
      String key1, String value1, String key2, String value2) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(key1, value1);
    fields.put(key2, value2);
    return fields;
  }
}
