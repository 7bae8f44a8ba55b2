package io.fsmigrate.feature;

import io.fsmigrate.feature.TypeShape.Array;
import io.fsmigrate.feature.TypeShape.Decimal;
import io.fsmigrate.feature.TypeShape.Field;
import io.fsmigrate.feature.TypeShape.MapOf;
import io.fsmigrate.feature.TypeShape.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a type as Spark SQL writes it, aliases at any depth included.
 *
 * <p>{@code char(n)} and {@code varchar(n)} are refused: a DataFrame shows them as {@code string},
 * so a feature of that type could never be equal to its column.
 */
final class TypeParser {
  private static final int MAX_PRECISION = 38;
  private static final Pattern DECIMAL =
      Pattern.compile(
          "(?:decimal|dec|numeric)\\s*\\(\\s*(\\d{1,3})\\s*(?:,\\s*(\\d{1,3})\\s*)?\\)");
  private static final Pattern SIZED_TEXT =
      Pattern.compile("(?:char|character|varchar)\\s*\\(\\s*(\\d+)\\s*\\)");
  private static final Pattern NESTED =
      Pattern.compile("(array|map|struct)\\s*<(.*)>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final String whole;

  private TypeParser(String whole) {
    this.whole = whole;
  }

  static TypeShape parse(String text) {
    return new TypeParser(text.trim()).type(text);
  }

  private TypeShape type(String text) {
    String lower = text.trim().toLowerCase(Locale.ROOT);
    Optional<TypeShape> named = TypeAliases.find(lower);
    if (named.isPresent()) {
      return named.get();
    }
    Matcher decimal = DECIMAL.matcher(lower);
    if (decimal.matches()) {
      return decimal(decimal);
    }
    if (SIZED_TEXT.matcher(lower).matches()) {
      throw FeatureErrors.sizedText(whole);
    }
    Matcher nested = NESTED.matcher(text.trim());
    if (nested.matches()) {
      return nested(nested.group(1).toLowerCase(Locale.ROOT), nested.group(2));
    }
    throw FeatureErrors.unknownType(whole, lower);
  }

  private TypeShape decimal(Matcher text) {
    int precision = Integer.parseInt(text.group(1));
    int scale = text.group(2) == null ? 0 : Integer.parseInt(text.group(2));
    if (precision < 1 || precision > MAX_PRECISION || scale > precision) {
      throw FeatureErrors.decimalRange(whole);
    }
    return new Decimal(precision, scale);
  }

  private TypeShape nested(String kind, String inside) {
    List<String> parts = split(inside);
    if (kind.equals("struct")) {
      return struct(parts);
    }
    int wanted = kind.equals("map") ? 2 : 1;
    if (parts.size() != wanted) {
      throw FeatureErrors.nestedType(whole);
    }
    return wanted == 1
        ? new Array(type(parts.get(0)))
        : new MapOf(type(parts.get(0)), type(parts.get(1)));
  }

  private Struct struct(List<String> parts) {
    List<Field> fields = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String part : parts) {
      Field field = field(part.trim());
      if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
        throw FeatureErrors.duplicateStructField(whole, field.name());
      }
      fields.add(field);
    }
    return new Struct(fields);
  }

  /** {@code name: type}, {@code `name`: type}, or with a blank in place of the colon. */
  private Field field(String text) {
    boolean quoted = text.startsWith("`");
    int end = quoted ? text.indexOf('`', 1) : text.indexOf(':');
    if (!quoted && (end < 0 || text.substring(0, end).contains("<"))) {
      end = text.indexOf(' ');
    }
    if (end < 1) {
      throw FeatureErrors.nestedType(whole);
    }
    String name = text.substring(quoted ? 1 : 0, end).trim();
    String rest = text.substring(quoted ? end + 1 : end).trim();
    // Spark prints names bare, so a separator inside a name could not be read back.
    if (name.isEmpty() || name.matches(".*[:,<>`].*")) {
      throw FeatureErrors.nestedType(whole);
    }
    return new Field(name, type(rest.startsWith(":") ? rest.substring(1) : rest));
  }

  /** Splits at commas outside of brackets and back-ticks. */
  private List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (!quoted && (c == '<' || c == '(' || c == '[')) {
        depth++;
      } else if (!quoted && (c == '>' || c == ')' || c == ']')) {
        depth--;
      } else if (!quoted && c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
      if (depth < 0) {
        throw FeatureErrors.nestedType(whole);
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
