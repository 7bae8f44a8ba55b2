package io.fsmigrate.feature;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The structure behind a feature type's text, for rules that must look inside it. */
public sealed interface TypeShape {
  /** The canonical text: what Spark prints as the type's simple string. */
  String sql();

  /** A type without parameters. */
  enum Primitive implements TypeShape {
    /** 8-bit signed integer. */
    TINYINT,
    /** 16-bit signed integer. */
    SMALLINT,
    /** 32-bit signed integer. */
    INT,
    /** 64-bit signed integer. */
    BIGINT,
    /** 32-bit IEEE 754. */
    FLOAT,
    /** 64-bit IEEE 754. */
    DOUBLE,
    /** UTF-8 text. */
    STRING,
    /** True or false. */
    BOOLEAN,
    /** Bytes. */
    BINARY,
    /** A calendar day. */
    DATE,
    /** An instant, in microseconds. */
    TIMESTAMP,
    /** A wall-clock time without zone, in microseconds; taken as UTC. */
    TIMESTAMP_NTZ;

    @Override
    public String sql() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An exact decimal number.
   *
   * @param precision digits in all, 1 to 38
   * @param scale digits after the point, 0 to precision
   */
  record Decimal(int precision, int scale) implements TypeShape {
    /** Digits before the point. */
    public int integerDigits() {
      return precision - scale;
    }

    @Override
    public String sql() {
      return "decimal(" + precision + "," + scale + ")";
    }
  }

  /** A list of values of one type. */
  record Array(TypeShape element) implements TypeShape {
    @Override
    public String sql() {
      return "array<" + element.sql() + ">";
    }
  }

  /** Values by key. */
  record MapOf(TypeShape key, TypeShape value) implements TypeShape {
    @Override
    public String sql() {
      return "map<" + key.sql() + "," + value.sql() + ">";
    }
  }

  /** Named fields in order. */
  record Struct(List<Field> fields) implements TypeShape {
    public Struct {
      fields = List.copyOf(fields);
    }

    @Override
    public String sql() {
      return fields.stream()
          .map(f -> f.name() + ":" + f.type().sql())
          .collect(Collectors.joining(",", "struct<", ">"));
    }
  }

  /** One field of a {@link Struct}; its name is kept as written. */
  record Field(String name, TypeShape type) {}
}
