package io.fsmigrate.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Everything that a run leaves, without what no two runs have in common.
 *
 * @param result counters of the report and how it ended
 * @param table rows that the branch shows: how many, and two sums of hashes over all columns that
 *     do not depend on their order
 * @param failed failed records in order
 * @param online records by store
 */
record Remains(
    JsonNode result, String table, List<String> failed, Map<String, List<String>> online) {
  static Remains of(Readings readings, Sandbox sandbox, JsonNode report) throws SQLException {
    return new Remains(
        result(report), table(sandbox), failed(sandbox, report), readings.records(sandbox));
  }

  private static JsonNode result(JsonNode report) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (String key :
        List.of("state", "exitCode", "source", "target", "path", "offline", "online")) {
      result.set(key, report.get(key));
    }
    result.set("failures", report.get("failures"));
    return result;
  }

  private static String table(Sandbox sandbox) {
    Row row =
        sandbox
            .table("main", "readings")
            .selectExpr(
                "count(1)",
                "sum(cast(xxhash64(*) AS decimal(38, 0)))",
                "sum(cast(hash(*) AS decimal(38, 0)))")
            .first();
    return row.toString();
  }

  private static List<String> failed(Sandbox sandbox, JsonNode report) {
    List<String> records = new ArrayList<>();
    for (JsonNode failed : sandbox.failedRecords(report.get("run").asText())) {
      ((ObjectNode) failed).remove(List.of("run", "id", "failed_at"));
      records.add(failed.toString());
    }
    records.sort(null);
    return records;
  }

  /** What another one has different, in words; empty where they are equal. */
  List<String> differences(Remains other) {
    List<String> differences = new ArrayList<>();
    if (!result.equals(other.result)) {
      differences.add("report: %s instead of %s".formatted(other.result, result));
    }
    if (!table.equals(other.table)) {
      differences.add("table: %s instead of %s".formatted(other.table, table));
    }
    compare("failed records", failed, other.failed, differences);
    online.forEach(
        (store, records) ->
            compare(store, records, other.online.getOrDefault(store, List.of()), differences));
    return differences;
  }

  private static void compare(
      String what, List<String> wanted, List<String> found, List<String> differences) {
    if (!wanted.equals(found)) {
      List<String> missing = new ArrayList<>(wanted);
      missing.removeAll(new java.util.HashSet<>(found));
      List<String> extra = new ArrayList<>(found);
      extra.removeAll(new java.util.HashSet<>(wanted));
      differences.add(
          "%s: %d instead of %d, missing %s, extra %s"
              .formatted(what, found.size(), wanted.size(), few(missing), few(extra)));
    }
  }

  private static List<String> few(List<String> many) {
    return many.subList(0, Math.min(3, many.size()));
  }
}
