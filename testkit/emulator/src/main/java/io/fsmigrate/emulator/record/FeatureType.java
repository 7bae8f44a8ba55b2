package io.fsmigrate.emulator.record;

import java.math.BigDecimal;

/** The types of features; all values travel as text. */
public enum FeatureType {
  /** Any text. */
  STRING("String"),
  /** Whole numbers of 64 bits. */
  INTEGRAL("Integral"),
  /** Numbers of double precision. */
  FRACTIONAL("Fractional");

  private final String word;

  FeatureType(String word) {
    this.word = word;
  }

  /** The service's word. */
  public String word() {
    return word;
  }

  boolean accepts(String value) {
    return switch (this) {
      case STRING -> true;
      case INTEGRAL -> isIntegral(value);
      case FRACTIONAL -> isFractional(value);
    };
  }

  private static boolean isIntegral(String value) {
    int length = value.length();
    int first = length > 0 && (value.charAt(0) == '-' || value.charAt(0) == '+') ? 1 : 0;
    if (length == first) {
      return false;
    }
    for (int i = first; i < length; i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    if (length - first < 19) {
      return true;
    }
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isFractional(String value) {
    if (value.isEmpty() || value.length() > 400) {
      return false;
    }
    boolean digit = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= '0' && c <= '9') {
        digit = true;
      } else if (c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') {
        return false;
      }
    }
    if (!digit) {
      return false;
    }
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static BigDecimal number(String value) {
    return new BigDecimal(value);
  }
}
