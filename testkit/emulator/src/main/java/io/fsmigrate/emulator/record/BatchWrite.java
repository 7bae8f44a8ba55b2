package io.fsmigrate.emulator.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** BatchWriteRecord: every entry by itself; what fails is handed back as it was sent. */
final class BatchWrite {
  private static final int MAX_ENTRIES = 25;

  private final GroupLookup groups;
  private final RecordWriter writer;

  BatchWrite(GroupLookup groups, RecordWriter writer) {
    this.groups = groups;
    this.writer = writer;
  }

  /** An entry and where its text is in the body. */
  private record Entry(RecordWriter.Put put, int from, int to) {}

  private record Body(List<Entry> entries, Ttl ttl) {}

  Operation prepare(byte[] bytes) {
    Body body = read(bytes);
    int count = body.entries().size();
    if (count < 1 || count > MAX_ENTRIES) {
      throw ServiceException.validation(
          "Validation Error: BatchWriteRecord takes 1 to %d entries, not %d", MAX_ENTRIES, count);
    }
    Set<String> names = new LinkedHashSet<>(2);
    for (Entry entry : body.entries()) {
      names.add(GroupLookup.name(entry.put().group()));
    }
    return new RuntimeCall(
        "BatchWriteRecord",
        List.copyOf(names),
        count,
        () -> identifiers(body.entries().stream().map(Entry::put).toList()),
        policy -> Reply.ok(Reply.JSON, write(bytes, body, policy)));
  }

  private byte[] write(byte[] bytes, Body body, RecordPolicy policy) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream(64);
    ByteArrayOutputStream unprocessed = new ByteArrayOutputStream(64);
    for (Entry entry : body.entries()) {
      RecordWriter.Put put = entry.put();
      if (put.ttl() == null && body.ttl() != null) {
        put = new RecordWriter.Put(put.group(), put.features(), put.targetStores(), body.ttl());
      }
      try {
        RecordPolicy.Verdict verdict = writer.put(groups.usable(put.group()), put, policy, true);
        if (verdict.unprocessed()) {
          separate(unprocessed);
          unprocessed.write(bytes, entry.from(), entry.to() - entry.from());
        } else if (verdict.error() != null) {
          error(errors, bytes, entry, verdict.error());
        }
      } catch (ServiceException e) {
        policy.entryFailed();
        error(errors, bytes, entry, e);
      }
    }
    ByteArrayOutputStream reply =
        new ByteArrayOutputStream(40 + errors.size() + unprocessed.size());
    text(reply, "{\"Errors\":[");
    reply.writeBytes(errors.toByteArray());
    text(reply, "],\"UnprocessedEntries\":[");
    reply.writeBytes(unprocessed.toByteArray());
    text(reply, "]}");
    return reply.toByteArray();
  }

  private static void error(
      ByteArrayOutputStream errors, byte[] bytes, Entry entry, ServiceException error) {
    separate(errors);
    text(errors, "{\"Entry\":");
    errors.write(bytes, entry.from(), entry.to() - entry.from());
    text(errors, ",\"ErrorCode\":");
    errors.writeBytes(Json.bytes(error.code()));
    text(errors, ",\"ErrorMessage\":");
    errors.writeBytes(Json.bytes(error.getMessage()));
    text(errors, "}");
  }

  private static void separate(ByteArrayOutputStream list) {
    if (list.size() > 0) {
      list.write(',');
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The record identifiers, empty where there is none. */
  List<String> identifiers(List<RecordWriter.Put> puts) {
    return puts.stream().map(this::identifier).toList();
  }

  private String identifier(RecordWriter.Put put) {
    try {
      Schema schema = groups.usable(put.group()).schema();
      String name = schema.features().get(schema.identifier()).name();
      return put.features().stream()
          .filter(feature -> feature.name().equals(name) && feature.text() != null)
          .findFirst()
          .map(FeatureValue::text)
          .orElse("");
    } catch (ServiceException e) {
      return "";
    }
  }

  private static Body read(byte[] bytes) {
    List<Entry> entries = new ArrayList<>(MAX_ENTRIES);
    Ttl[] ttl = {null};
    RecordJson.body(
        bytes,
        (field, in) -> {
          if (field.equals("Entries")) {
            if (in.currentToken() != JsonToken.START_ARRAY) {
              throw Json.unreadable("Entries is an array");
            }
            while (in.nextToken() != JsonToken.END_ARRAY) {
              entries.add(entry(in));
            }
            return true;
          }
          if (field.equals("TtlDuration")) {
            ttl[0] = RecordJson.ttl(in);
            return true;
          }
          return false;
        });
    return new Body(entries, ttl[0]);
  }

  private static Entry entry(JsonParser parser) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    String[] group = {null};
    List<List<FeatureValue>> features = new ArrayList<>(1);
    List<String> stores = new ArrayList<>(2);
    Ttl[] ttl = {null};
    RecordJson.object(
        parser,
        (field, in) -> {
          switch (field) {
            case "FeatureGroupName" -> group[0] = RecordJson.string(in);
            case "Record" -> features.add(RecordJson.features(in));
            case "TargetStores" -> stores.addAll(RecordJson.strings(in));
            case "TtlDuration" -> ttl[0] = RecordJson.ttl(in);
            default -> {
              return false;
            }
          }
          return true;
        });
    if (group[0] == null || features.isEmpty()) {
      throw ServiceException.validation(
          "Validation Error: an entry needs FeatureGroupName and Record");
    }
    int to = (int) parser.currentLocation().getByteOffset();
    return new Entry(new RecordWriter.Put(group[0], features.get(0), stores, ttl[0]), from, to);
  }
}
