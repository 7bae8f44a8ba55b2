package io.fsmigrate.emulator.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.emulator.ServiceException;
import java.util.Map;

/** How long after its event time a record lives. */
public record Ttl(String unit, long value) {
  private static final Map<String, Long> SECONDS =
      Map.of("Seconds", 1L, "Minutes", 60L, "Hours", 3600L, "Days", 86_400L, "Weeks", 604_800L);

  private static final long LONGEST_SECONDS = 3_155_760_000_000L;

  /**
   * A duration as it was sent.
   *
   * @throws ServiceException ValidationError for an unknown unit or a value below 1
   */
  public Ttl {
    if (!SECONDS.containsKey(unit) || value < 1 || value > Integer.MAX_VALUE) {
      throw ServiceException.validation(
          "Validation Error: TtlDuration %s %s is not a value from 1 of %s",
          value, unit, "Seconds, Minutes, Hours, Days or Weeks");
    }
  }

  /** Reads {@code {"Unit": ..., "Value": ...}}; null for nothing. */
  public static Ttl of(JsonNode node) {
    return node == null || node.isNull() || node.isMissingNode()
        ? null
        : new Ttl(node.path("Unit").asText(""), node.path("Value").asLong(0));
  }

  /** In microseconds; ages beyond a hundred thousand years count as that. */
  long micros() {
    return Math.min(SECONDS.get(unit) * value, LONGEST_SECONDS) * 1_000_000L;
  }
}
