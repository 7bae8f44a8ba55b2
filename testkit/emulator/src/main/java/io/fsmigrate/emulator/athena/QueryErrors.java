package io.fsmigrate.emulator.athena;

import java.sql.SQLException;

/** DuckDB's errors under Athena's codes. */
final class QueryErrors {
  private QueryErrors() {}

  static String reason(SQLException error) {
    String text = String.valueOf(error.getMessage());
    int cause = text.indexOf("\nError: ");
    if (cause >= 0) {
      text = text.substring(cause + "\nError: ".length());
    }
    return code(text) + ": " + text;
  }

  private static String code(String text) {
    if (text.contains("Catalog Error: Table")) {
      return "TABLE_NOT_FOUND";
    }
    if (text.contains("Catalog Error") && text.contains("schema")) {
      return "SCHEMA_NOT_FOUND";
    }
    if (text.contains("Catalog Error") && text.contains("Function")) {
      return "FUNCTION_NOT_FOUND";
    }
    if (text.contains("Referenced column")) {
      return "COLUMN_NOT_FOUND";
    }
    if (text.contains("Parser Error") || text.contains("Binder Error")) {
      return "SYNTAX_ERROR";
    }
    if (text.contains("Conversion Error")) {
      return "INVALID_CAST_ARGUMENT";
    }
    return "GENERIC_INTERNAL_ERROR";
  }
}
