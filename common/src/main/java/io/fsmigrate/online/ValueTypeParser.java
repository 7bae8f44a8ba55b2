package io.fsmigrate.online;

import io.fsmigrate.feature.FeatureType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads Spark's simple string of a type, for example {@code map<string,array<decimal(10,2)>>}. */
final class ValueTypeParser {
  private static final Map<String, ValueType.Kind> SCALARS =
      Map.ofEntries(
          Map.entry("boolean", ValueType.Kind.BOOLEAN),
          Map.entry("tinyint", ValueType.Kind.TINYINT),
          Map.entry("smallint", ValueType.Kind.SMALLINT),
          Map.entry("int", ValueType.Kind.INT),
          Map.entry("bigint", ValueType.Kind.BIGINT),
          Map.entry("float", ValueType.Kind.FLOAT),
          Map.entry("double", ValueType.Kind.DOUBLE),
          Map.entry("string", ValueType.Kind.STRING),
          Map.entry("char", ValueType.Kind.STRING),
          Map.entry("varchar", ValueType.Kind.STRING),
          Map.entry("binary", ValueType.Kind.BINARY),
          Map.entry("date", ValueType.Kind.DATE),
          Map.entry("timestamp", ValueType.Kind.TIMESTAMP),
          Map.entry("timestamp_ltz", ValueType.Kind.TIMESTAMP),
          Map.entry("timestamp_ntz", ValueType.Kind.TIMESTAMP_NTZ));

  private final String text;
  private int at;

  private ValueTypeParser(String text) {
    this.text = text;
  }

  /** The type, or empty where an online store has no value for it. */
  static Optional<ValueType> parse(FeatureType type) {
    ValueTypeParser parser = new ValueTypeParser(type.sql());
    try {
      ValueType result = parser.type();
      return parser.skipBlanks() == parser.text.length() ? Optional.of(result) : Optional.empty();
    } catch (UnknownTypeException e) {
      return Optional.empty();
    }
  }

  private ValueType type() throws UnknownTypeException {
    String word = word().toLowerCase(Locale.ROOT);
    switch (word) {
      case "decimal":
        List<Integer> sizes = sizes();
        return ValueType.decimal(
            sizes.isEmpty() ? 10 : sizes.get(0), sizes.size() < 2 ? 0 : sizes.get(1));
      case "array":
        expect('<');
        ValueType element = type();
        expect('>');
        return ValueType.array(element);
      case "map":
        expect('<');
        ValueType key = type();
        expect(',');
        ValueType value = type();
        expect('>');
        return ValueType.map(key, value);
      case "struct":
        return struct();
      default:
        ValueType.Kind kind = SCALARS.get(word);
        if (kind == null) {
          throw new UnknownTypeException();
        }
        sizes();
        return ValueType.scalar(kind);
    }
  }

  private ValueType struct() throws UnknownTypeException {
    List<String> names = new ArrayList<>();
    List<ValueType> types = new ArrayList<>();
    expect('<');
    if (accept('>')) {
      return ValueType.struct(names, types);
    }
    do {
      names.add(fieldName());
      accept(':');
      types.add(type());
    } while (accept(','));
    expect('>');
    return ValueType.struct(names, types);
  }

  private String fieldName() throws UnknownTypeException {
    if (!accept('`')) {
      return word();
    }
    StringBuilder name = new StringBuilder();
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next != '`') {
        name.append(next);
      } else if (at < text.length() && text.charAt(at) == '`') {
        name.append(text.charAt(at++));
      } else {
        return name.toString();
      }
    }
    throw new UnknownTypeException();
  }

  private List<Integer> sizes() throws UnknownTypeException {
    List<Integer> sizes = new ArrayList<>();
    if (accept('(')) {
      do {
        String digits = word();
        if (!digits.matches("\\d{1,9}")) {
          throw new UnknownTypeException();
        }
        sizes.add(Integer.valueOf(digits));
      } while (accept(','));
      expect(')');
    }
    return sizes;
  }

  private String word() throws UnknownTypeException {
    int start = skipBlanks();
    while (at < text.length() && " :,<>()`".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw new UnknownTypeException();
    }
    return text.substring(start, at);
  }

  private boolean accept(char expected) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char expected) throws UnknownTypeException {
    if (!accept(expected)) {
      throw new UnknownTypeException();
    }
  }

  private int skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static final class UnknownTypeException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
