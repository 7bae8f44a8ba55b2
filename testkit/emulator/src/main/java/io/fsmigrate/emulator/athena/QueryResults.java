package io.fsmigrate.emulator.athena;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.athena.QueryExecution.Column;
import io.fsmigrate.emulator.athena.QueryExecution.State;
import io.fsmigrate.emulator.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** Pages of results; the first row of the first page names the columns, as in the service. */
final class QueryResults {
  private static final int MAX_PAGE = 1000;

  private final QueryRunner runner;

  QueryResults(QueryRunner runner) {
    this.runner = runner;
  }

  ObjectNode page(QueryExecution query, ObjectNode request) {
    State state = query.state();
    if (!state.ended()) {
      throw AthenaSql.invalid("Query has not yet finished. Current state: " + state);
    }
    if (state != State.SUCCEEDED) {
      throw AthenaSql.invalid("Query did not finish successfully. Final query state: " + state);
    }
    int limit = request.path("MaxResults").asInt(MAX_PAGE);
    if (limit < 1 || limit > MAX_PAGE) {
      throw AthenaSql.invalid("MaxResults is not from 1 to " + MAX_PAGE);
    }
    boolean unload = AthenaSql.parse(query.sql(), query.parameters()).unload().isPresent();
    List<Column> columns = unload ? List.of() : query.columns();
    ArrayNode rows = Json.object().putArray("Rows");
    long from = token(request.path("NextToken").asText(""));
    boolean header = from == 0 && !unload;
    if (header) {
      ArrayNode names = rows.addObject().putArray("Data");
      columns.forEach(column -> names.addObject().put("VarCharValue", column.name()));
    }
    int wanted = limit - rows.size();
    int read = unload ? 0 : read(query, columns, from, wanted, rows);
    ObjectNode answer = Json.object();
    answer.put("UpdateCount", 0);
    ObjectNode set = answer.putObject("ResultSet");
    set.set("Rows", rows);
    ArrayNode metadata = set.putObject("ResultSetMetadata").putArray("ColumnInfo");
    columns.forEach(column -> metadata.add(info(column)));
    if (read > wanted) {
      // One more than wanted was looked for, only to know whether there is a next page.
      rows.remove(rows.size() - 1);
      answer.put("NextToken", Long.toString(from + wanted));
    }
    return answer;
  }

  private int read(
      QueryExecution query, List<Column> columns, long from, int wanted, ArrayNode rows) {
    String sql =
        "SELECT %s FROM %s WHERE rowid >= %d AND rowid <= %d ORDER BY rowid"
            .formatted(
                AthenaTypes.selectAsText(columns), QueryRunner.table(query), from, from + wanted);
    try (DuckDBConnection connection = runner.connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      int count = 0;
      while (found.next()) {
        count++;
        ArrayNode data = rows.addObject().putArray("Data");
        for (int i = 1; i <= columns.size(); i++) {
          String value = found.getString(i);
          ObjectNode cell = data.addObject();
          if (value != null) {
            cell.put("VarCharValue", value);
          }
        }
      }
      return count;
    } catch (SQLException e) {
      throw new ServiceException(
          500, "InternalServerException", "Cannot read results: " + e.getMessage());
    }
  }

  private static ObjectNode info(Column column) {
    return Json.object(
        "CatalogName",
        "hive",
        "SchemaName",
        "",
        "TableName",
        "",
        "Name",
        column.name(),
        "Label",
        column.name(),
        "Type",
        column.type(),
        "Precision",
        AthenaTypes.precision(column.type()),
        "Scale",
        0,
        "Nullable",
        "UNKNOWN",
        "CaseSensitive",
        column.type().equals("varchar"));
  }

  private static long token(String token) {
    try {
      return token.isEmpty() ? 0 : Long.parseUnsignedLong(token);
    } catch (NumberFormatException e) {
      throw AthenaSql.invalid("NextToken is not valid");
    }
  }
}
