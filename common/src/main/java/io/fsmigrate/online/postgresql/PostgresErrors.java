package io.fsmigrate.online.postgresql;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What can stand between records and a PostgreSQL server. */
final class PostgresErrors {
  private PostgresErrors() {}

  /**
   * The server's failure as people can act on it.
   *
   * @param place the server and its database
   */
  static FsMigrateException of(String place, SQLException cause) {
    return switch (Fault.of(cause)) {
      case LOGIN ->
          usage(
              "POSTGRES_LOGIN_REFUSED",
              "%s: the server refuses the login: %s; check user, password (or password-file) and pg_hba.conf"
                  .formatted(place, words(cause)),
              cause);
      case NO_DATABASE ->
          usage(
              "POSTGRES_NO_DATABASE",
              "%s: the server has no such database: %s; create it or correct the url"
                  .formatted(place, words(cause)),
              cause);
      case NO_PRIVILEGE ->
          usage(
              "POSTGRES_NO_PRIVILEGE",
              "%s: the user may not do it: %s; grant what is missing, see the page on online stores"
                  .formatted(place, words(cause)),
              cause);
      case NO_TABLE ->
          usage(
              "POSTGRES_TABLE_MISSING",
              "%s: the table or its schema is not there, or was changed meanwhile: %s; run again with create-table = true, or create it"
                  .formatted(place, words(cause)),
              cause);
      case TLS ->
          usage(
              "POSTGRES_TLS_FAILED",
              "%s: no encrypted connection: %s; check ssl-mode, ssl-root-cert and the server's certificate"
                  .formatted(place, words(cause)),
              cause);
      case READ_ONLY ->
          unavailable(
              "POSTGRES_READ_ONLY",
              "%s: the server takes no writes: %s; name the primary server, then start again or resume the run"
                  .formatted(place, words(cause)),
              cause);
      case TOO_MANY_CONNECTIONS ->
          unavailable(
              "POSTGRES_CONNECTIONS_EXHAUSTED",
              "%s: the server has no connection left: %s; lower --max-workers or raise the server's limit, then resume the run"
                  .formatted(place, words(cause)),
              cause);
      case NO_SPACE ->
          unavailable(
              "POSTGRES_OUT_OF_SPACE",
              "%s: the server's disk or memory is full: %s; nothing of the bucket was kept. Make room, then resume the run"
                  .formatted(place, words(cause)),
              cause);
      case CONTENDED ->
          unavailable(
              "POSTGRES_CONTENDED",
              "%s: other transactions stood in the way again and again: %s; end them, then resume the run"
                  .formatted(place, words(cause)),
              cause);
      case UNREACHABLE ->
          unavailable(
              "POSTGRES_UNREACHABLE",
              "%s: the server is away: %s; check host, port, network and the server, then start again or resume the run"
                  .formatted(place, words(cause)),
              cause);
      case RECORD, OTHER ->
          unavailable(
              "STORE_UNAVAILABLE",
              "%s: the store failed: %s (SQLSTATE %s); what was not committed was not kept.\n"
                      .formatted(place, words(cause), cause.getSQLState())
                  + "Correct the cause; then the run can be resumed",
              cause);
    };
  }

  static FsMigrateException viewInUse(String place, String view, SQLException cause) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "SERVING_VIEW_IN_USE",
        "%s: the view %s has to change its columns, and something is built on it: %s.\nBuild that on a view of its own, or drop it and make it again after the switch; nothing was switched"
            .formatted(place, view, words(cause)),
        cause);
  }

  static FsMigrateException noTable(String place, String table, String store) {
    return usage(
        "POSTGRES_TABLE_MISSING",
        "%s: there is no table %s, and create-table is false; create it or set create-table = true for online store %s"
            .formatted(place, table, store),
        null);
  }

  static FsMigrateException noSchema(String place, String schema) {
    return usage(
        "POSTGRES_SCHEMA_MISSING",
        "%s: there is no schema %s; create it or correct schema".formatted(place, schema),
        null);
  }

  static FsMigrateException noPrivileges(String place, String user, List<String> missing) {
    return usage(
        "POSTGRES_NO_PRIVILEGE",
        "%s: the user %s lacks %s; grant what is missing"
            .formatted(place, user, String.join(", ", missing)),
        null);
  }

  static FsMigrateException readOnly(String place) {
    return unavailable(
        "POSTGRES_READ_ONLY",
        "%s: the server takes no writes: it is a standby, or read-only by default; name the primary server, then start again"
            .formatted(place),
        null);
  }

  static FsMigrateException notUtf8(String place, String encoding) {
    return usage(
        "POSTGRES_ENCODING",
        "%s: the database holds text as %s, which lacks characters and orders them its own way; use one with encoding UTF8"
            .formatted(place, encoding),
        null);
  }

  static FsMigrateException notPossible(String target, List<String> obstacles) {
    return usage(
        "POSTGRES_TABLE_NOT_POSSIBLE",
        "%s: PostgreSQL cannot have such a table: %s; rename or drop features in a migration"
            .formatted(target, String.join("; ", obstacles)),
        null);
  }

  static FsMigrateException passwordUnreadable(String store, Path file, Throwable cause) {
    return usage(
        "POSTGRES_PASSWORD_UNREADABLE",
        "online store %s: cannot read the password file %s (%s); it has to be on every machine that connects"
            .formatted(store, file, cause.getClass().getSimpleName()),
        cause);
  }

  /** The server's words without line breaks; its own hints and places would only confuse. */
  static String words(SQLException cause) {
    return String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  private static FsMigrateException usage(String code, String message, Throwable cause) {
    return new FsMigrateException(ExitCode.USAGE, code, message, cause);
  }

  private static FsMigrateException unavailable(String code, String message, Throwable cause) {
    return new FsMigrateException(ExitCode.UNAVAILABLE, code, message, cause);
  }
}
