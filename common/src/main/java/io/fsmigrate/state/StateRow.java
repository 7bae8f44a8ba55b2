package io.fsmigrate.state;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A row that is added once and never changed.
 *
 * @param id what the row is looked up by
 * @param kind what the JSON is
 * @param at when, kept in microseconds
 * @param json the content
 */
public record StateRow(String id, String kind, Instant at, String json) {
  public StateRow {
    at = at.truncatedTo(ChronoUnit.MICROS);
  }
}
