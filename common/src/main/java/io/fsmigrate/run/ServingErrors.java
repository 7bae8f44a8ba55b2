package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.Served;
import java.util.List;
import java.util.Optional;

/** What can stand between a store and what it is to serve. */
final class ServingErrors {
  private ServingErrors() {}

  static FsMigrateException noStore(String group, List<String> stores) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "NO_SERVING_STORE",
        "%s: %s; define an online store of type dynamodb, postgresql, redis or sqlite for it, or name one with --store"
            .formatted(
                group,
                stores.isEmpty()
                    ? "no version of it has an online store"
                    : "none of its online stores has a pointer: " + String.join(", ", stores)));
  }

  static FsMigrateException noPointer(String store) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "STORE_HAS_NO_POINTER",
        "online store %s: it has no pointer, so that what was written last is served; name another store"
            .formatted(store));
  }

  static FsMigrateException refused(List<String> obstacles) {
    return new FsMigrateException(
        ExitCode.REFUSED, "SERVING_REFUSED", String.join("\n", obstacles));
  }

  static String empty(String store, Served what) {
    return "online store %s: %s is not there or has no records in %s; migrate to it first"
        .formatted(store, what.address(), what.place());
  }

  static String incomplete(String store, Served what, RunRecord run) {
    return "online store %s: %s may be incomplete: run %s, the newest that writes it, is %s; resume that run, or add --force to serve what is there"
        .formatted(store, what.address(), run.id(), run.state().text());
  }

  static String placeChanged(String store, Served what, String place) {
    return "online store %s: %s was served from %s, and its settings say %s now; put them as they were"
        .formatted(store, what.address(), what.place(), place);
  }

  static String nothingBefore(String store, String group, Optional<Served> now) {
    return "online store %s: nothing is on record that it served before %s; name a version with serving switch %s --to VERSION"
        .formatted(store, now.map(Served::address).orElse("it served " + group), group);
  }

  /**
   * Nothing was changed where it is the first store; else some were, and the rest is to be done.
   */
  static FsMigrateException movedMeanwhile(String store, String group, List<String> done) {
    return partly(
        new FsMigrateException(
            ExitCode.REFUSED,
            "SERVING_MOVED",
            "online store %s: somebody else has changed meanwhile what it serves of %s; see serving show %s, then switch again"
                .formatted(store, group, group)),
        done);
  }

  /** A refusal says that nothing has changed, which is not so once a store has switched. */
  static FsMigrateException partly(FsMigrateException failure, List<String> done) {
    if (done.isEmpty()) {
      return failure;
    }
    ExitCode exit =
        failure.exitCode() == ExitCode.USAGE || failure.exitCode() == ExitCode.REFUSED
            ? ExitCode.UNAVAILABLE
            : failure.exitCode();
    return new FsMigrateException(
        exit,
        failure.code(),
        "%s\nSwitched by then: %s; once the cause is gone, give the command again for the others"
            .formatted(failure.getMessage(), String.join(", ", done)),
        failure);
  }
}
