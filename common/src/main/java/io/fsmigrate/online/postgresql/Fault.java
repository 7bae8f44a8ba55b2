package io.fsmigrate.online.postgresql;

import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Kinds of failures, told by SQLSTATE:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
enum Fault {
  LOGIN(false),
  NO_DATABASE(false),
  NO_PRIVILEGE(false),
  NO_TABLE(false),
  TLS(false),
  NO_SPACE(false),
  /** May end when another server takes over. */
  READ_ONLY(true),
  TOO_MANY_CONNECTIONS(true),
  CONTENDED(true),
  UNREACHABLE(true),
  /** One row is to blame. */
  RECORD(false),
  OTHER(false);

  private final boolean passing;

  Fault(boolean passing) {
    this.passing = passing;
  }

  /** Whether the same may succeed a little later. */
  boolean isPassing() {
    return passing;
  }

  static Fault of(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (isTls(failure)) {
      return TLS;
    }
    return switch (state) {
      case "3D000" -> NO_DATABASE;
      case "3F000", "42P01", "42703" -> NO_TABLE;
      case "42501" -> NO_PRIVILEGE;
      case "25006" -> READ_ONLY;
      case "53300" -> TOO_MANY_CONNECTIONS;
      case "53100", "53200" -> NO_SPACE;
      case "40001", "40P01", "55P03" -> CONTENDED;
      // Shut down, crashed, starting up, disconnected for being idle.
      case "57P01", "57P02", "57P03", "57P05" -> UNREACHABLE;
      // A row or an index entry that is larger than a page allows; raised by a trigger.
      case "54000", "P0001" -> RECORD;
      default -> ofClass(state);
    };
  }

  private static Fault ofClass(String state) {
    return switch (state.substring(0, Math.min(2, state.length()))) {
      case "08" -> UNREACHABLE;
      case "28" -> LOGIN;
      // Values that a column does not take, and constraints.
      case "22", "23" -> RECORD;
      default -> OTHER;
    };
  }

  private static boolean isTls(SQLException failure) {
    // The driver's own state for a server that has no TLS at all, while it asks for it.
    return "08004".equals(failure.getSQLState())
        || failure.getCause() instanceof SSLHandshakeException;
  }
}
