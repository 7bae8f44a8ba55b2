package io.fsmigrate.emulator.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.http.Json;
import java.util.List;
import java.util.concurrent.Future;

/** One query from its submission to its end; states only ever move forward. */
final class QueryExecution {
  enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    boolean ended() {
      return compareTo(SUCCEEDED) >= 0;
    }
  }

  /** A column of a result: its name and Athena's type. */
  record Column(String name, String type) {}

  private final String id;
  private final String sql;
  private final List<String> parameters;
  private final ObjectNode request;
  private final long submitted = System.currentTimeMillis();
  private State state = State.QUEUED;
  private String reason;
  private long started;
  private long completed;
  private long scannedBytes;
  private String manifest;
  private List<Column> columns = List.of();
  private Future<?> work;

  QueryExecution(String id, ObjectNode request) {
    this.id = id;
    this.sql = request.path("QueryString").asText();
    this.request = request;
    this.parameters =
        request.path("ExecutionParameters").isArray()
            ? java.util.stream.StreamSupport.stream(
                    request.path("ExecutionParameters").spliterator(), false)
                .map(JsonNode::asText)
                .toList()
            : List.of();
  }

  String id() {
    return id;
  }

  String sql() {
    return sql;
  }

  List<String> parameters() {
    return parameters;
  }

  /** Where tables without a database are looked for. */
  String database() {
    String given = request.path("QueryExecutionContext").path("Database").asText("");
    return given.isEmpty() ? "default" : given;
  }

  /** Where results go, ending in a slash. */
  String outputLocation() {
    String location = request.path("ResultConfiguration").path("OutputLocation").asText("");
    return location.endsWith("/") ? location : location + '/';
  }

  synchronized void work(Future<?> running) {
    work = running;
  }

  synchronized State state() {
    return state;
  }

  synchronized List<Column> columns() {
    return columns;
  }

  synchronized boolean begin() {
    if (state != State.QUEUED) {
      return false;
    }
    state = State.RUNNING;
    started = System.currentTimeMillis();
    return true;
  }

  synchronized void scanned(long bytes) {
    scannedBytes = bytes;
  }

  synchronized void result(List<Column> resultColumns, String manifestLocation) {
    columns = resultColumns;
    manifest = manifestLocation;
  }

  synchronized void end(State last, String why) {
    if (!state.ended()) {
      state = last;
      reason = why;
      completed = System.currentTimeMillis();
    }
  }

  synchronized void cancel(String why) {
    end(State.CANCELLED, why);
    if (work != null) {
      work.cancel(true);
    }
  }

  synchronized ObjectNode json() {
    ObjectNode status =
        Json.object(
            "State",
            state.name(),
            "StateChangeReason",
            reason,
            "SubmissionDateTime",
            submitted / 1000.0,
            "CompletionDateTime",
            completed == 0 ? null : completed / 1000.0);
    if (state == State.FAILED) {
      status.set(
          "AthenaError",
          Json.object(
              "ErrorCategory", 2, "ErrorType", 1006, "Retryable", false, "ErrorMessage", reason));
    }
    long end = completed == 0 ? System.currentTimeMillis() : completed;
    boolean unload = sql.stripLeading().regionMatches(true, 0, "UNLOAD", 0, 6);
    return Json.object(
        "QueryExecutionId",
        id,
        "Query",
        sql,
        "StatementType",
        "DML",
        "SubstatementType",
        unload ? "UNLOAD" : "SELECT",
        "ResultConfiguration",
        Json.object("OutputLocation", outputLocation() + id + (unload ? "" : ".csv")),
        "QueryExecutionContext",
        request.get("QueryExecutionContext"),
        "WorkGroup",
        request.path("WorkGroup").asText("primary"),
        "EngineVersion",
        Json.object(
            "SelectedEngineVersion", "AUTO",
            "EffectiveEngineVersion", "Athena engine version 3"),
        "Status",
        status,
        "Statistics",
        Json.object(
            "EngineExecutionTimeInMillis",
            started == 0 ? 0 : end - started,
            "DataScannedInBytes",
            scannedBytes,
            "TotalExecutionTimeInMillis",
            end - submitted,
            "QueryQueueTimeInMillis",
            started == 0 ? end - submitted : started - submitted,
            "DataManifestLocation",
            manifest));
  }
}
