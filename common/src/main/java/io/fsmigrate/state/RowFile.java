package io.fsmigrate.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.utils.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A data file of rows and the range of ids in it, from the file's statistics.
 *
 * @param minimum not above any id in the file; empty if unknown
 * @param maximum not below any id in the file; empty if unknown
 */
record RowFile(FileStatus file, Optional<String> minimum, Optional<String> maximum) {
  static RowFile of(FileStatus file, JsonNode statistics) {
    return new RowFile(file, bound(statistics, "minValues"), bound(statistics, "maxValues"));
  }

  private static Optional<String> bound(JsonNode statistics, String which) {
    JsonNode value = statistics.path(which).path(RowFiles.ID);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }

  /** Whether the file can hold a row with this id. */
  boolean canHold(String id) {
    return minimum.map(bound -> compare(bound, id) <= 0).orElse(true)
        && maximum.map(bound -> compare(bound, id) >= 0).orElse(true);
  }

  /**
   * Bounds are cut and ordered as UTF-8, which differs from Java's order beyond the basic plane.
   */
  private static int compare(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }
}
