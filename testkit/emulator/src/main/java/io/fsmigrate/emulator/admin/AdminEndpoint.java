package io.fsmigrate.emulator.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.auth.Credentials;
import io.fsmigrate.emulator.fault.Denial;
import io.fsmigrate.emulator.fault.Faults;
import io.fsmigrate.emulator.fault.QuotaSettings;
import io.fsmigrate.emulator.group.GroupRegistry;
import io.fsmigrate.emulator.http.Endpoint;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Query;
import io.fsmigrate.emulator.http.Reply;
import io.fsmigrate.emulator.http.Request;
import io.fsmigrate.emulator.http.Responder;
import io.fsmigrate.emulator.observe.CallLog;
import io.fsmigrate.emulator.observe.Stats;
import io.fsmigrate.emulator.record.EmulatorClock;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.FeatureStoreRuntime;
import java.util.List;
import java.util.concurrent.Executor;

/** Requests to the emulator itself, under {@code /_emulator/}; not signed. */
public final class AdminEndpoint implements Endpoint {
  private static final String PREFIX = "/_emulator/";

  private final GroupRegistry groups;
  private final RecordTransfer transfer;
  private final EmulatorClock clock;
  private final Credentials credentials;
  private final Faults faults;
  private final CallLog log;
  private final Stats stats;
  private final Runnable flush;
  private final Runnable resetQueries;
  private final Executor workers;

  /**
   * Looks into these parts and changes them.
   *
   * @param flush writes all rows that wait for offline stores
   * @param resetQueries forgets all queries
   */
  public AdminEndpoint(
      GroupRegistry groups,
      FeatureStoreRuntime runtime,
      EmulatorClock clock,
      Credentials credentials,
      Faults faults,
      CallLog log,
      Stats stats,
      Runnable flush,
      Runnable resetQueries,
      Executor workers) {
    this.groups = groups;
    this.transfer = new RecordTransfer(groups, runtime);
    this.clock = clock;
    this.credentials = credentials;
    this.faults = faults;
    this.log = log;
    this.stats = stats;
    this.flush = flush;
    this.resetQueries = resetQueries;
    this.workers = workers;
  }

  /** Whether a path is for the emulator itself. */
  public static boolean owns(String rawPath) {
    return rawPath.startsWith(PREFIX);
  }

  private record Denials(List<Denial> denials) {}

  private record NewCredentials(
      String accessKey, String secretKey, String sessionToken, Long expiresInSeconds) {}

  @Override
  public void handle(Request request, Responder responder) {
    workers.execute(() -> responder.reply(reply(request), 0));
  }

  private Reply reply(Request request) {
    try {
      return answer(request);
    } catch (ServiceException e) {
      return Reply.error(Reply.JSON, e);
    } catch (RuntimeException e) {
      return Reply.error(
          Reply.JSON, new ServiceException(500, "InternalFailure", "The emulator failed: " + e));
    }
  }

  private Reply answer(Request request) {
    String path = request.path().substring(PREFIX.length());
    int slash = path.indexOf('/');
    String what = slash < 0 ? path : path.substring(0, slash);
    String name = slash < 0 ? "" : path.substring(slash + 1);
    Query query = request.query();
    switch (request.method() + ' ' + what) {
      case "PUT faults" -> faults.set(Json.read(request.body(), Faults.Settings.class));
      case "DELETE faults" -> faults.set(new Faults.Settings(null, null));
      case "GET faults" -> {
        return json(faults.settings());
      }
      case "PUT quotas" -> faults.limit(Json.read(request.body(), QuotaSettings.class));
      case "DELETE quotas" -> faults.limit(QuotaSettings.NONE);
      case "GET quotas" -> {
        return json(faults.limits());
      }
      case "PUT denials" -> faults.deny(Json.read(request.body(), Denials.class).denials());
      case "DELETE denials" -> faults.deny(List.of());
      case "GET denials" -> {
        return json(new Denials(faults.denials()));
      }
      case "POST credentials" -> addCredentials(request);
      case "GET calls" -> {
        return json(
            Json.object(
                "total",
                log.count(),
                "calls",
                log.find(
                    query.first("operation").orElse(""),
                    query.first("group").orElse(""),
                    number(query, "since", 0),
                    (int) number(query, "limit", 1000))));
      }
      case "PUT calls" -> {
        ObjectNode settings = Json.read(request.body());
        log.configure(
            settings.path("identifiers").asBoolean(false), settings.path("capacity").asInt(0));
      }
      case "DELETE calls" -> log.clear();
      case "GET stats" -> {
        return json(stats());
      }
      case "DELETE stats" -> stats.clear();
      case "POST flush" -> flush.run();
      case "POST reset" -> reset();
      case "POST clock" -> clock.advance(Json.read(request.body()).path("advanceMillis").asLong(0));
      case "DELETE clock" -> clock.reset();
      case "GET records" -> {
        return transfer.export(name);
      }
      case "POST load" -> {
        return json(transfer.load(name, request.body()));
      }
      case "GET health" -> {
        return json(Json.object("status", "ready"));
      }
      default ->
          throw new ServiceException(
              404, "UnknownOperation", "No request is " + request.method() + ' ' + request.path());
    }
    return json(Json.object());
  }

  private static Reply json(Object value) {
    return Reply.ok(Reply.JSON, Json.bytes(value));
  }

  private static long number(Query query, String name, long other) {
    try {
      return query.first(name).map(Long::parseLong).orElse(other);
    } catch (NumberFormatException e) {
      throw ServiceException.validation("%s is not a number", name);
    }
  }

  private void addCredentials(Request request) {
    NewCredentials key = Json.read(request.body(), NewCredentials.class);
    if (key.accessKey() == null || key.secretKey() == null) {
      throw ServiceException.validation("accessKey and secretKey are required");
    }
    if (key.sessionToken() == null) {
      credentials.add(key.accessKey(), key.secretKey());
    } else {
      credentials.addSession(
          key.accessKey(),
          key.secretKey(),
          key.sessionToken(),
          key.expiresInSeconds() == null ? 3600 : key.expiresInSeconds());
    }
  }

  private ObjectNode stats() {
    ObjectNode answer = stats.json();
    ObjectNode byGroup = answer.putObject("groups");
    for (FeatureGroup group : groups.all()) {
      byGroup.set(
          group.name(),
          Json.object(
              "onlineRecords", group.store().size(),
              "written", group.counts().written.sum(),
              "stale", group.counts().stale.sum(),
              "updated", group.counts().updated.sum(),
              "deleted", group.counts().deleted.sum(),
              "offlineRows", group.counts().offline.sum()));
    }
    return answer;
  }

  private void reset() {
    flush.run();
    groups.clear();
    faults.reset();
    clock.reset();
    log.configure(false, 0);
    stats.clear();
    resetQueries.run();
  }
}
