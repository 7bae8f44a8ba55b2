package io.fsmigrate.run;

import io.fsmigrate.state.Json;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The JSON files that belong to runs. */
final class RunDocuments {
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Json json = new Json();

  RunDocuments(Warehouse warehouse, Configuration hadoop) {
    this.warehouse = warehouse;
    this.hadoop = hadoop;
  }

  /** Reads one; empty where the run has none of that name. */
  <T> Optional<T> read(String run, String name, Class<T> type) {
    try {
      return warehouse
          .readText(hadoop, warehouse.file(run, name))
          .map(text -> json.read(name + " of " + run, text, type));
    } catch (IOException e) {
      throw RunErrors.planUnreadable(run, e);
    }
  }

  /** Writes one, replacing what was there. */
  void write(String run, String name, Object document) {
    try {
      warehouse.writeText(hadoop, warehouse.file(run, name), json.pretty(document));
    } catch (IOException e) {
      throw RunErrors.notWritable(warehouse.file(run, name), e);
    }
  }
}
