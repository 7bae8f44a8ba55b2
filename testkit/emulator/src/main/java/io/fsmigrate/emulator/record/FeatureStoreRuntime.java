package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Query;
import io.fsmigrate.emulator.http.Reply;
import io.fsmigrate.emulator.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The operations of the Feature Store runtime, told apart by method and path. */
public final class FeatureStoreRuntime {
  private static final String GROUP = "/FeatureGroup/";
  private static final String RECORD = "/Record";
  private static final String LIST = "/ListRecords";

  private final GroupLookup groups;
  private final RecordWriter writer;
  private final BatchWrite batchWrite;
  private final RecordReader reader;
  private final RecordLister lister;

  /** Works on these groups; rows for offline stores go to the sink. */
  public FeatureStoreRuntime(GroupLookup groups, OfflineSink offline, EmulatorClock clock) {
    this.groups = groups;
    this.writer = new RecordWriter(offline, clock);
    this.batchWrite = new BatchWrite(groups, writer);
    this.reader = new RecordReader(groups);
    this.lister = new RecordLister();
  }

  /** Whether a path belongs to the runtime. */
  public static boolean owns(String rawPath) {
    return rawPath.startsWith(GROUP)
        || rawPath.equals("/BatchWriteRecord")
        || rawPath.equals("/BatchGetRecord");
  }

  /**
   * Understands a call.
   *
   * @throws ServiceException ValidationError or SerializationException when it cannot be
   *     understood, UnknownOperationException when there is no such call
   */
  public Operation prepare(Request request) {
    String path = request.rawPath();
    String method = request.method();
    if (path.equals("/BatchWriteRecord") && method.equals("POST")) {
      return batchWrite.prepare(request.body());
    }
    if (path.equals("/BatchGetRecord") && method.equals("POST")) {
      return reader.prepareBatch(request.body());
    }
    if (path.startsWith(GROUP)) {
      String rest = path.substring(GROUP.length());
      switch (method) {
        case "PUT" -> {
          return put(name(rest), request.body());
        }
        case "GET" -> {
          return reader.prepare(name(rest), request.query());
        }
        case "DELETE" -> {
          return delete(name(rest), request.query());
        }
        case "POST" -> {
          if (rest.endsWith(RECORD)) {
            return update(name(rest.substring(0, rest.length() - RECORD.length())), request.body());
          }
          if (rest.endsWith(LIST)) {
            return list(name(rest.substring(0, rest.length() - LIST.length())), request.body());
          }
        }
        default -> {
          // Falls through to the error.
        }
      }
    }
    throw new ServiceException(
        404, "UnknownOperationException", "No operation is " + method + ' ' + path);
  }

  private static String name(String encoded) {
    return Query.decodePath(encoded);
  }

  private Operation put(String group, byte[] body) {
    RecordBody read = RecordBody.read(group, body);
    return new RuntimeCall(
        "PutRecord",
        List.of(GroupLookup.name(group)),
        1,
        () -> batchWrite.identifiers(List.of(read.put())),
        policy -> {
          writer.put(groups.usable(group), read.put(), policy, false);
          return Reply.ok();
        });
  }

  private Operation update(String group, byte[] body) {
    RecordBody read = RecordBody.read(group, body);
    return RuntimeCall.single(
        "UpdateRecord",
        GroupLookup.name(group),
        read.identifier(),
        policy -> {
          writer.update(
              groups.usable(group),
              read.identifier(),
              read.put().features(),
              read.put().targetStores(),
              read.put().ttl(),
              policy);
          return Reply.ok();
        });
  }

  private Operation delete(String group, Query query) {
    String identifier = RecordReader.required(query, "RecordIdentifierValueAsString");
    String eventTime = RecordReader.required(query, "EventTime");
    String mode = query.first("DeletionMode").orElse("SoftDelete");
    if (!mode.equals("SoftDelete") && !mode.equals("HardDelete")) {
      throw ServiceException.validation(
          "Validation Error: DeletionMode %s is not SoftDelete or HardDelete", mode);
    }
    return RuntimeCall.single(
        "DeleteRecord",
        GroupLookup.name(group),
        identifier,
        policy -> {
          writer.delete(
              groups.usable(group),
              identifier,
              eventTime,
              query.all("TargetStores"),
              mode.equals("HardDelete"),
              policy);
          return Reply.ok();
        });
  }

  private Operation list(String group, byte[] body) {
    int[] limit = {10};
    String[] token = {null};
    boolean[] deleted = {false};
    RecordJson.body(
        body,
        (field, in) -> {
          switch (field) {
            case "MaxResults" -> limit[0] = in.getValueAsInt();
            case "NextToken" -> token[0] = RecordJson.string(in);
            case "IncludeSoftDeletedRecords" -> deleted[0] = in.getValueAsBoolean();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new RuntimeCall(
        "ListRecords",
        List.of(GroupLookup.name(group)),
        1,
        List::of,
        policy -> {
          RecordLister.Page page =
              lister.list(groups.usable(group), limit[0], token[0], deleted[0]);
          return Reply.ok(
              Reply.JSON,
              RecordJson.write(
                  out -> {
                    out.writeStartObject();
                    out.writeArrayFieldStart("RecordIdentifiers");
                    for (String identifier : page.identifiers()) {
                      out.writeString(identifier);
                    }
                    out.writeEndArray();
                    if (page.next() != null) {
                      out.writeStringField("NextToken", page.next());
                    }
                    out.writeEndObject();
                  }));
        });
  }

  /** The body of PutRecord or UpdateRecord. */
  private record RecordBody(String identifier, RecordWriter.Put put) {
    static RecordBody read(String group, byte[] body) {
      String[] identifier = {""};
      List<FeatureValue> features = new ArrayList<>();
      List<String> stores = new ArrayList<>();
      Ttl[] ttl = {null};
      RecordJson.body(
          body,
          (field, in) -> {
            switch (field) {
              case "RecordIdentifierValueAsString" -> identifier[0] = RecordJson.string(in);
              case "Record", "Features" -> features.addAll(RecordJson.features(in));
              case "TargetStores" -> stores.addAll(RecordJson.strings(in));
              case "TtlDuration" -> ttl[0] = RecordJson.ttl(in);
              default -> {
                return false;
              }
            }
            return true;
          });
      return new RecordBody(identifier[0], new RecordWriter.Put(group, features, stores, ttl[0]));
    }
  }

  /**
   * Puts a record online only, past the calls: to fill a store quickly.
   *
   * @param body as that of PutRecord
   * @throws ServiceException as PutRecord
   */
  public void load(String group, byte[] body) {
    RecordWriter.Put put = RecordBody.read(group, body).put();
    writer.put(
        groups.usable(group),
        new RecordWriter.Put(group, put.features(), List.of("OnlineStore"), put.ttl()),
        RecordPolicy.NONE,
        false);
  }

  /** A record as a line of JSON like the body of PutRecord, with its expiry if it has one. */
  public static byte[] export(FeatureGroup group, byte[] record) {
    Schema schema = group.schema();
    byte[] json =
        RecordJson.write(
            out -> {
              out.writeStartObject();
              out.writeFieldName("Record");
              RecordJson.record(out, schema, record, List.of());
              if (StoredRecord.expiry(record) != StoredRecord.NEVER) {
                out.writeStringField("ExpiresAt", EventTimes.iso(StoredRecord.expiry(record)));
              }
              out.writeEndObject();
            });
    return (new String(json, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
