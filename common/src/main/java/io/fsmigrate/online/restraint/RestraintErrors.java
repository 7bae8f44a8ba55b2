package io.fsmigrate.online.restraint;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.List;

/** What can go wrong with holding back. */
final class RestraintErrors {
  private RestraintErrors() {}

  static FsMigrateException invalidRate(String text, List<String> units) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_RATE_LIMIT",
        "%s: not a rate limit; write a number and one of %s per second, such as 500 calls/s"
            .formatted(text, String.join(", ", units)));
  }

  static FsMigrateException driverLost(GateKey key, long seconds) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "RATE_BUDGET_UNAVAILABLE",
        "online store %s: the driver, which keeps the budget of its calls, did not answer for %d s.\n"
                .formatted(key.store(), seconds)
            + "Look for a busy or lost driver; then the run can be resumed");
  }
}
