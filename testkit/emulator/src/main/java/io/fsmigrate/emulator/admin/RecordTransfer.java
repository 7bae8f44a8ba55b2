package io.fsmigrate.emulator.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.group.GroupRegistry;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Reply;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.FeatureStoreRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Online stores in and out as JSON lines, each like the body of PutRecord. */
final class RecordTransfer {
  private static final String JSON_LINES = "application/x-ndjson";

  private final GroupRegistry groups;
  private final FeatureStoreRuntime runtime;

  RecordTransfer(GroupRegistry groups, FeatureStoreRuntime runtime) {
    this.groups = groups;
    this.runtime = runtime;
  }

  Reply export(String name) {
    FeatureGroup group = groups.usable(name);
    return Reply.streamed(
        JSON_LINES,
        out -> {
          try {
            group
                .store()
                .forEach(
                    (identifier, record) -> {
                      try {
                        out.write(FeatureStoreRuntime.export(group, record));
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    });
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  ObjectNode load(String name, byte[] lines) {
    groups.usable(name);
    long loaded = 0;
    int from = 0;
    while (from < lines.length) {
      int to = from;
      while (to < lines.length && lines[to] != '\n') {
        to++;
      }
      byte[] line = Arrays.copyOfRange(lines, from, to);
      if (!new String(line, java.nio.charset.StandardCharsets.UTF_8).isBlank()) {
        loaded++;
        load(name, line, loaded);
      }
      from = to + 1;
    }
    return Json.object("loaded", loaded);
  }

  private void load(String name, byte[] line, long number) {
    try {
      runtime.load(name, line);
    } catch (ServiceException e) {
      throw new ServiceException(
          e.status(), e.code(), "Line %d: %s".formatted(number, e.getMessage()));
    }
  }
}
