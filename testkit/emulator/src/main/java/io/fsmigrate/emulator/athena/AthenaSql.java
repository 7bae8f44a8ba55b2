package io.fsmigrate.emulator.athena;

import io.fsmigrate.emulator.ServiceException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement taken apart: the query that is run, and for UNLOAD where its rows go.
 *
 * @param query in the words that DuckDB shares with Athena
 */
record AthenaSql(String query, Optional<Target> unload) {
  private static final Pattern UNLOAD =
      Pattern.compile(
          "\\s*UNLOAD\\s*\\((?<query>.*)\\)\\s*TO\\s*'s3://(?<bucket>[^/']+)/(?<prefix>[^']*)'"
              + "(?:\\s*WITH\\s*\\((?<options>.*)\\))?\\s*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern OPTION =
      Pattern.compile(
          "(\\w+)\\s*=\\s*(?:'([^']*)'|(\\w+)|(ARRAY\\s*\\[[^]]*]))", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUERY =
      Pattern.compile(
          "\\s*\\(*\\s*(SELECT|WITH|VALUES|TABLE)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final List<String> COMPRESSIONS = List.of("SNAPPY", "GZIP", "ZSTD", "NONE");

  /** Where UNLOAD writes: the prefix ends in a slash. */
  record Target(String bucket, String prefix, String compression) {
    String uri() {
      return "s3://" + bucket + '/' + prefix;
    }
  }

  /**
   * Takes a statement apart.
   *
   * @param parameters take the places of question marks, in order
   * @throws ServiceException InvalidRequestException for what is neither a query nor an UNLOAD of
   *     Parquet
   */
  static AthenaSql parse(String sql, List<String> parameters) {
    String statement = bind(sql, parameters).strip();
    while (statement.endsWith(";")) {
      statement = statement.substring(0, statement.length() - 1).strip();
    }
    Matcher unload = UNLOAD.matcher(statement);
    if (unload.matches()) {
      String prefix = unload.group("prefix");
      return new AthenaSql(
          unload.group("query").strip(),
          Optional.of(
              new Target(
                  unload.group("bucket"),
                  prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + '/',
                  compression(unload.group("options")))));
    }
    if (!QUERY.matcher(statement).matches()) {
      throw invalid("only SELECT and UNLOAD (SELECT) TO 's3://...' are emulated");
    }
    return new AthenaSql(statement, Optional.empty());
  }

  private static String compression(String options) {
    Map<String, String> given = new HashMap<>();
    Matcher option = OPTION.matcher(options == null ? "" : options);
    while (option.find()) {
      String value = option.group(2) != null ? option.group(2) : option.group(3);
      given.put(
          option.group(1).toLowerCase(Locale.ROOT),
          value == null ? "" : value.toUpperCase(Locale.ROOT));
    }
    String format = given.remove("format");
    if (!"PARQUET".equals(format)) {
      throw invalid("UNLOAD is emulated with format = 'PARQUET', not " + format);
    }
    String compression = given.containsKey("compression") ? given.remove("compression") : "GZIP";
    if (!COMPRESSIONS.contains(compression)) {
      throw invalid("compression " + compression + " is none of " + COMPRESSIONS);
    }
    if (!given.isEmpty()) {
      throw invalid("UNLOAD is not emulated with " + given.keySet());
    }
    return compression.equals("NONE") ? "UNCOMPRESSED" : compression;
  }

  private static String bind(String sql, List<String> parameters) {
    StringBuilder bound = new StringBuilder(sql.length());
    int next = 0;
    char quote = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '?' && next < parameters.size()) {
        bound.append(parameters.get(next++));
        continue;
      }
      bound.append(c);
    }
    if (next != parameters.size()) {
      throw invalid("there are more ExecutionParameters than question marks");
    }
    return bound.toString();
  }

  /** Whether the statement names a table. */
  boolean names(String table) {
    return Pattern.compile(
            "(?<![\\w])" + Pattern.quote(table) + "(?![\\w])", Pattern.CASE_INSENSITIVE)
        .matcher(query)
        .find();
  }

  static ServiceException invalid(String message) {
    return new ServiceException(400, "InvalidRequestException", message);
  }
}
