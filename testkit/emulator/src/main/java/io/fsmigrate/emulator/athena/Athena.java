package io.fsmigrate.emulator.athena;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.JsonOperation;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.athena.QueryExecution.State;
import io.fsmigrate.emulator.fault.AthenaFaults;
import io.fsmigrate.emulator.fault.Faults;
import io.fsmigrate.emulator.group.GroupRegistry;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.offline.Database;
import io.fsmigrate.emulator.s3.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The operations of Athena about queries. */
public final class Athena implements AutoCloseable {
  private static final int THREADS = 2;

  private final Map<String, QueryExecution> queries = new ConcurrentHashMap<>();
  private final Map<String, QueryExecution> byToken = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor;
  private final QueryRunner runner;
  private final QueryResults results;
  private final Faults faults;
  private final Runnable flush;

  /**
   * Runs queries over these groups.
   *
   * @param flush writes rows that wait for offline stores, before every query
   */
  public Athena(
      Database database,
      GroupRegistry groups,
      ObjectStore objects,
      Faults faults,
      Runnable flush,
      Path scratch,
      ThreadFactory threads) {
    this.runner = new QueryRunner(database, new TableViews(groups, objects), objects, scratch);
    this.results = new QueryResults(runner);
    this.faults = faults;
    this.flush = flush;
    this.executor = Executors.newScheduledThreadPool(THREADS, threads);
  }

  /**
   * Understands a call.
   *
   * @param operation what follows the point in X-Amz-Target
   * @throws ServiceException UnknownOperationException or SerializationException
   */
  public Operation prepare(String operation, byte[] body) {
    ObjectNode request = Json.read(body);
    Supplier<Object> action =
        switch (operation) {
          case "StartQueryExecution" -> () -> start(request);
          case "GetQueryExecution" -> () -> Json.object("QueryExecution", require(request).json());
          case "BatchGetQueryExecution" -> () -> batch(request);
          case "StopQueryExecution" -> () -> stop(request);
          case "GetQueryResults" -> () -> results.page(require(request), request);
          case "GetWorkGroup" -> () -> workGroup(request.path("WorkGroup").asText("primary"));
          default ->
              throw new ServiceException(
                  400,
                  "UnknownOperationException",
                  "AmazonAthena." + operation + " is not emulated");
        };
    return new JsonOperation(operation, List.of(), operation.equals("GetQueryResults"), action);
  }

  private ObjectNode start(ObjectNode request) {
    String token = request.path("ClientRequestToken").asText("");
    QueryExecution query = new QueryExecution(UUID.randomUUID().toString(), request);
    AthenaSql sql = AthenaSql.parse(query.sql(), query.parameters());
    if (!query.outputLocation().startsWith("s3://")
        || query.outputLocation().indexOf('/', "s3://".length()) < 0) {
      throw AthenaSql.invalid(
          "No output location provided. ResultConfiguration.OutputLocation is like s3://bucket/prefix/");
    }
    if (!token.isEmpty()) {
      QueryExecution earlier = byToken.putIfAbsent(token, query);
      if (earlier != null) {
        if (!earlier.sql().equals(query.sql())) {
          throw AthenaSql.invalid("Idempotent parameters do not match");
        }
        return Json.object("QueryExecutionId", earlier.id());
      }
    }
    queries.put(query.id(), query);
    AthenaFaults fate = faults.nextQuery(sql.unload().isPresent());
    query.work(executor.submit(() -> begin(query, sql, fate)));
    return Json.object("QueryExecutionId", query.id());
  }

  private void begin(QueryExecution query, AthenaSql sql, AthenaFaults fate) {
    if (query.begin()) {
      query.work(
          executor.schedule(() -> carryOut(query, sql, fate), fate.delay(), TimeUnit.MILLISECONDS));
    }
  }

  private void carryOut(QueryExecution query, AthenaSql sql, AthenaFaults fate) {
    if (fate.failNextQuery() != null) {
      query.end(State.FAILED, fate.failNextQuery());
    } else if (Boolean.TRUE.equals(fate.cancelNextQuery())) {
      query.end(State.CANCELLED, "Query was cancelled by the service");
    } else if (!query.state().ended()) {
      try {
        flush.run();
        runner.run(query, sql, fate);
      } catch (RuntimeException e) {
        query.end(State.FAILED, "GENERIC_INTERNAL_ERROR: " + e);
      }
    }
  }

  private Object stop(ObjectNode request) {
    require(request).cancel("Query was cancelled by user");
    return null;
  }

  private ObjectNode batch(ObjectNode request) {
    ObjectNode answer = Json.object();
    ArrayNode found = answer.putArray("QueryExecutions");
    ArrayNode missing = answer.putArray("UnprocessedQueryExecutionIds");
    for (JsonNode id : request.path("QueryExecutionIds")) {
      QueryExecution query = queries.get(id.asText());
      if (query != null) {
        found.add(query.json());
      } else {
        missing.add(
            Json.object(
                "QueryExecutionId", id.asText(),
                "ErrorCode", "INVALID_QUERY_EXECUTION_ID",
                "ErrorMessage", "QueryExecution was not found"));
      }
    }
    return answer;
  }

  private static ObjectNode workGroup(String name) {
    return Json.object(
        "WorkGroup",
        Json.object(
            "Name",
            name,
            "State",
            "ENABLED",
            "Configuration",
            Json.object(
                "EnforceWorkGroupConfiguration",
                false,
                "EngineVersion",
                Json.object(
                    "SelectedEngineVersion", "AUTO",
                    "EffectiveEngineVersion", "Athena engine version 3"))));
  }

  private QueryExecution require(ObjectNode request) {
    String id = request.path("QueryExecutionId").asText("");
    QueryExecution query = queries.get(id);
    if (query == null) {
      throw AthenaSql.invalid("QueryExecution " + id + " was not found");
    }
    return query;
  }

  /** Forgets all queries. */
  public void clear() {
    queries.values().forEach(query -> query.cancel("The emulator was reset"));
    queries.clear();
    byToken.clear();
  }

  @Override
  public void close() throws InterruptedException {
    clear();
    executor.shutdownNow();
    executor.awaitTermination(5, TimeUnit.SECONDS);
  }
}
