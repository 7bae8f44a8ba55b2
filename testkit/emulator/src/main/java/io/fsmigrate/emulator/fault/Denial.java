package io.fsmigrate.emulator.fault;

import java.util.List;

/**
 * A permission that is missing.
 *
 * @param operation the operation, or null or * for all
 * @param group the feature group, or null for all
 * @param code the error code; the service's usual one by default
 */
public record Denial(String operation, String group, String code) {
  boolean matches(String calledOperation, List<String> groups) {
    return (operation == null || operation.equals("*") || operation.equals(calledOperation))
        && (group == null || groups.contains(group));
  }
}
