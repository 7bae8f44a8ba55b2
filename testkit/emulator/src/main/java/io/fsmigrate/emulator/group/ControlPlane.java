package io.fsmigrate.emulator.group;

import static io.fsmigrate.emulator.group.DefinitionReader.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.JsonOperation;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.record.EmulatorClock;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.GroupLookup;
import io.fsmigrate.emulator.record.Schema;
import io.fsmigrate.emulator.record.Ttl;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The operations of SageMaker about feature groups. */
public final class ControlPlane {
  private static final int MAX_PAGE = 100;

  private final GroupRegistry groups;
  private final GroupFactory factory;
  private final GroupDescription description;
  private final Clock clock;
  private final long createMillis;
  private final Supplier<Optional<String>> nextFailure;
  private final Consumer<String> ensureBucket;

  /**
   * Works on these groups.
   *
   * @param createMillis how long creations and updates take
   * @param nextFailure why the next creation is to fail, if it is
   * @param ensureBucket makes the bucket of an offline store unless it is there
   */
  public ControlPlane(
      GroupRegistry groups,
      String region,
      String account,
      EmulatorClock recordClock,
      Clock clock,
      long createMillis,
      Supplier<Optional<String>> nextFailure,
      Consumer<String> ensureBucket) {
    this.groups = groups;
    this.factory = new GroupFactory(region, account, recordClock);
    this.description = new GroupDescription(clock, createMillis);
    this.clock = clock;
    this.createMillis = createMillis;
    this.nextFailure = nextFailure;
    this.ensureBucket = ensureBucket;
  }

  /**
   * Understands a call.
   *
   * @param operation what follows the point in X-Amz-Target
   * @throws ServiceException UnknownOperationException or SerializationException
   */
  public Operation prepare(String operation, byte[] body) {
    ObjectNode request = Json.read(body);
    String group = GroupLookup.name(request.path("FeatureGroupName").asText(""));
    Supplier<Object> action =
        switch (operation) {
          case "CreateFeatureGroup" -> () -> create(request);
          case "DescribeFeatureGroup" -> () -> description.of(require(group));
          case "UpdateFeatureGroup" -> () -> update(group, request);
          case "DeleteFeatureGroup" -> () -> delete(group);
          case "ListFeatureGroups" -> () -> list(request);
          default ->
              throw new ServiceException(
                  400, "UnknownOperationException", "SageMaker." + operation + " is not emulated");
        };
    return new JsonOperation(
        operation,
        group.isEmpty() ? List.of() : List.of(group),
        operation.equals("CreateFeatureGroup"),
        action);
  }

  private ObjectNode create(ObjectNode request) {
    FeatureGroup group =
        factory.make(request, clock.instant(), createMillis, nextFailure.get().orElse(null));
    groups.add(group);
    group.offline().ifPresent(offline -> ensureBucket.accept(offline.bucket()));
    return Json.object("FeatureGroupArn", group.arn());
  }

  private ObjectNode update(String name, ObjectNode request) {
    FeatureGroup group = require(name);
    if (group.status(clock.millis()) != FeatureGroup.Status.CREATED
        || description.updating(group)) {
      throw new ServiceException(
          400, "ResourceInUse", "FeatureGroup %s is being changed".formatted(name));
    }
    JsonNode additions = request.path("FeatureAdditions");
    List<FeatureDefinition> features =
        additions.isEmpty()
            ? group.schema().features()
            : DefinitionReader.read(additions, group.schema().features(), group.online());
    JsonNode online = request.path("OnlineStoreConfig");
    if (!online.isMissingNode() && group.online().isEmpty()) {
      throw invalid("FeatureGroup %s has no online store", name);
    }
    Ttl ttl = online.isMissingNode() ? group.ttl() : GroupFactory.ttl(online);
    Schema schema = group.schema();
    group.change(
        new Schema(
            features,
            schema.features().get(schema.identifier()).name(),
            schema.eventTimeFeature().name()),
        ttl,
        clock.millis());
    for (String part : List.of("OnlineStoreConfig", "ThroughputConfig")) {
      if (request.get(part) instanceof ObjectNode changes) {
        group.definition().withObject("/" + part).setAll(changes);
      }
    }
    return Json.object("FeatureGroupArn", group.arn());
  }

  private Object delete(String name) {
    FeatureGroup group = require(name);
    if (group.status(clock.millis()) == FeatureGroup.Status.CREATING) {
      throw new ServiceException(
          400, "ResourceInUse", "FeatureGroup %s is being created".formatted(name));
    }
    if (group.deletedAtMillis() == Long.MAX_VALUE) {
      group.delete(clock.millis());
    }
    return null;
  }

  private ObjectNode list(ObjectNode request) {
    int limit = request.path("MaxResults").asInt(MAX_PAGE);
    if (limit < 1 || limit > MAX_PAGE) {
      throw invalid("MaxResults %d is not from 1 to %d", limit, MAX_PAGE);
    }
    String contains = request.path("NameContains").asText("");
    String status = request.path("FeatureGroupStatusEquals").asText("");
    double after = request.path("CreationTimeAfter").asDouble(0);
    double before = request.path("CreationTimeBefore").asDouble(Double.MAX_VALUE);
    List<FeatureGroup> found = new ArrayList<>();
    for (FeatureGroup group : groups.all()) {
      double created = group.created().toEpochMilli() / 1000.0;
      if (group.name().contains(contains)
          && (status.isEmpty() || group.status(clock.millis()).word().equals(status))
          && created >= after
          && created <= before) {
        found.add(group);
      }
    }
    Comparator<FeatureGroup> order =
        request.path("SortBy").asText().equals("CreationTime")
            ? Comparator.comparing(FeatureGroup::created)
            : Comparator.comparing(FeatureGroup::name);
    found.sort(request.path("SortOrder").asText().equals("Descending") ? order.reversed() : order);
    int from = token(request.path("NextToken").asText("0"), found.size());
    int to = Math.min(found.size(), from + limit);
    ObjectNode answer = Json.object();
    ArrayNode summaries = answer.putArray("FeatureGroupSummaries");
    found.subList(from, to).forEach(group -> summaries.add(description.summary(group)));
    if (to < found.size()) {
      answer.put("NextToken", Integer.toString(to));
    }
    return answer;
  }

  private static int token(String token, int size) {
    try {
      return Math.min(size, Integer.parseUnsignedInt(token));
    } catch (NumberFormatException e) {
      throw invalid("NextToken is not valid");
    }
  }

  private FeatureGroup require(String name) {
    return groups
        .find(name)
        .orElseThrow(
            () ->
                new ServiceException(
                    400,
                    "ResourceNotFound",
                    "Resource Not Found: FeatureGroup %s".formatted(name)));
  }
}
