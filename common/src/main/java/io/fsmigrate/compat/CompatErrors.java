package io.fsmigrate.compat;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.List;
import java.util.stream.Collectors;

/** Refusals because of schemas. */
final class CompatErrors {
  private CompatErrors() {}

  static FsMigrateException differs(String source, String target, List<Difference> differences) {
    String found = differences.stream().map(Difference::message).collect(Collectors.joining("; "));
    String remedies =
        differences.stream().map(Difference::remedy).collect(Collectors.joining("; "));
    return new FsMigrateException(
        ExitCode.REFUSED,
        "SCHEMA_DIFFERS",
        """
        %s: cannot migrate to %s directly, there is no registered migration path and %s
        %s
        Register a migration that does this, or give the jar of one in Java with --jars: %s"""
            .formatted(
                source,
                target,
                differences.size() == 1 ? "1 difference:" : differences.size() + " differences:",
                found,
                remedies));
  }
}
