package io.fsmigrate.emulator.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Query;
import io.fsmigrate.emulator.http.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GetRecord and BatchGetRecord. */
final class RecordReader {
  private static final int BYTES_PER_READ_UNIT = 4 * 1024;
  private static final int MAX_GROUPS = 100;
  private static final int MAX_RECORDS = 100;

  private final GroupLookup groups;

  RecordReader(GroupLookup groups) {
    this.groups = groups;
  }

  /** Identifiers of one group, as BatchGetRecord asks for them. */
  private record Asked(String group, List<String> identifiers, List<String> features) {}

  static String required(Query query, String name) {
    return query
        .first(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> ServiceException.validation("Validation Error: %s is missing", name));
  }

  Operation prepare(String group, Query query) {
    String identifier = required(query, "RecordIdentifierValueAsString");
    List<String> features = query.all("FeatureName");
    boolean expiry = wantsExpiry(query.first("ExpirationTimeResponse").orElse("Disabled"));
    return RuntimeCall.single(
        "GetRecord",
        GroupLookup.name(group),
        identifier,
        policy -> {
          FeatureGroup found = groups.usable(group);
          Optional<byte[]> record = read(found, identifier, features, policy);
          return Reply.ok(
              Reply.JSON,
              RecordJson.write(
                  out -> {
                    out.writeStartObject();
                    if (record.isPresent()) {
                      body(out, found, record.get(), features, expiry);
                    }
                    out.writeEndObject();
                  }));
        });
  }

  Operation prepareBatch(byte[] bytes) {
    ObjectNode body = Json.read(bytes);
    boolean expiry = wantsExpiry(body.path("ExpirationTimeResponse").asText("Disabled"));
    List<Asked> asked = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    List<String> identifiers = new ArrayList<>();
    for (JsonNode node : body.path("Identifiers")) {
      Asked one =
          new Asked(
              node.path("FeatureGroupName").asText(),
              texts(node.path("RecordIdentifiersValueAsString")),
              texts(node.path("FeatureNames")));
      asked.add(one);
      names.add(GroupLookup.name(one.group()));
      identifiers.addAll(one.identifiers());
    }
    if (asked.isEmpty()
        || asked.size() > MAX_GROUPS
        || identifiers.isEmpty()
        || identifiers.size() > MAX_RECORDS) {
      throw ServiceException.validation(
          "Validation Error: BatchGetRecord takes 1 to %d groups and 1 to %d records",
          MAX_GROUPS, MAX_RECORDS);
    }
    return new RuntimeCall(
        "BatchGetRecord",
        List.copyOf(names),
        identifiers.size(),
        () -> identifiers,
        policy -> Reply.ok(Reply.JSON, batch(asked, expiry, policy)));
  }

  private byte[] batch(List<Asked> asked, boolean expiry, RecordPolicy policy) {
    List<ObjectNode> errors = new ArrayList<>();
    List<ObjectNode> unprocessed = new ArrayList<>();
    return RecordJson.write(
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("Records");
          for (Asked one : asked) {
            List<String> back = new ArrayList<>();
            for (String identifier : one.identifiers()) {
              try {
                FeatureGroup group = groups.usable(one.group());
                RecordPolicy.Verdict verdict = judge(group, identifier, policy);
                if (verdict.unprocessed()) {
                  back.add(identifier);
                } else {
                  verdict.orThrow();
                  record(out, one, group, identifier, expiry);
                }
              } catch (ServiceException e) {
                errors.add(error(one, identifier, e));
              }
            }
            if (!back.isEmpty()) {
              unprocessed.add(handBack(one, back));
            }
          }
          out.writeEndArray();
          out.writeFieldName("Errors");
          out.writeRawValue(Json.text(errors));
          out.writeFieldName("UnprocessedIdentifiers");
          out.writeRawValue(Json.text(unprocessed));
          out.writeEndObject();
        });
  }

  private static void record(
      JsonGenerator out, Asked asked, FeatureGroup group, String identifier, boolean expiry)
      throws IOException {
    requireFeatures(group, asked.features());
    Optional<byte[]> record = group.store().get(identifier);
    if (record.isPresent()) {
      out.writeStartObject();
      out.writeStringField("FeatureGroupName", asked.group());
      out.writeStringField("RecordIdentifierValueAsString", identifier);
      body(out, group, record.get(), asked.features(), expiry);
      out.writeEndObject();
    }
  }

  private static ObjectNode error(Asked asked, String identifier, ServiceException e) {
    return Json.object(
        "FeatureGroupName", asked.group(),
        "RecordIdentifierValueAsString", identifier,
        "ErrorCode", e.code(),
        "ErrorMessage", e.getMessage());
  }

  private static ObjectNode handBack(Asked asked, List<String> identifiers) {
    return Json.object(
        "FeatureGroupName",
        asked.group(),
        "RecordIdentifiersValueAsString",
        identifiers,
        "FeatureNames",
        asked.features().isEmpty() ? null : asked.features());
  }

  private static Optional<byte[]> read(
      FeatureGroup group, String identifier, List<String> features, RecordPolicy policy) {
    group.requireOnline();
    requireFeatures(group, features);
    judge(group, identifier, policy).orThrow();
    return group.store().get(identifier);
  }

  private static RecordPolicy.Verdict judge(
      FeatureGroup group, String identifier, RecordPolicy policy) {
    group.requireOnline();
    int bytes = group.store().get(identifier).map(record -> record.length).orElse(1);
    int units = (bytes + BYTES_PER_READ_UNIT - 1) / BYTES_PER_READ_UNIT;
    return policy.judge(group.name(), identifier, units, false);
  }

  private static void requireFeatures(FeatureGroup group, List<String> features) {
    for (String feature : features) {
      if (group.schema().place(feature) < 0) {
        throw ServiceException.validation(
            "Validation Error: FeatureGroup %s has no feature named %s", group.name(), feature);
      }
    }
  }

  private static void body(
      JsonGenerator out, FeatureGroup group, byte[] record, List<String> features, boolean expiry)
      throws IOException {
    out.writeFieldName("Record");
    RecordJson.record(out, group.schema(), record, features);
    if (expiry && StoredRecord.expiry(record) != StoredRecord.NEVER) {
      out.writeStringField("ExpiresAt", EventTimes.iso(StoredRecord.expiry(record)));
    }
  }

  private static boolean wantsExpiry(String word) {
    return switch (word) {
      case "Enabled" -> true;
      case "Disabled" -> false;
      default ->
          throw ServiceException.validation(
              "Validation Error: ExpirationTimeResponse %s is not Enabled or Disabled", word);
    };
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}
