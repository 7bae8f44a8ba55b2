package io.fsmigrate.catalog;

import java.util.Optional;

/** Reads section {@code run}; every key has its default in reference.conf. */
final class RunBinder {
  private static final int MAX = Integer.MAX_VALUE;

  private RunBinder() {}

  static RunSettings bind(Section run) {
    RunSettings settings =
        new RunSettings(
            (int) run.number("batch-size", 1, MAX),
            (int) run.number("max-workers", 1, MAX),
            run.parse("max-failures", run.requiredString("max-failures"), MaxFailures::parse)
                .orElse(new MaxFailures.Count(0)),
            run.bytes("unit-bytes"),
            (int) run.number("min-units", 1, MAX),
            run.bytes("group-bytes"),
            (int) run.number("concurrent-groups", 1, MAX),
            run.number("online-bucket-rows", 1, Long.MAX_VALUE),
            (int) run.number("table-retention-days", 1, 36_500),
            (int) run.number("progress-interval-seconds", 1, 3_600),
            (int) run.number("lease-seconds", 3, 3_600),
            key(run));
    run.finish();
    return settings;
  }

  private static Optional<SealKey> key(Section run) {
    Optional<String> text = run.string("failed-records-key").filter(key -> !key.isBlank());
    Optional<SealKey> key = text.flatMap(SealKey::parse);
    if (text.isPresent() && key.isEmpty()) {
      run.report("WRONG_TYPE", "failed-records-key", SealKey.FORM);
    }
    return key;
  }
}
