package io.fsmigrate.branch;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can go wrong with branches. */
final class BranchErrors {
  private BranchErrors() {}

  static FsMigrateException unknownBranch(String name, Collection<String> existing) {
    String nearest =
        NearestName.of(name, existing)
            .map(near -> "did you mean %s?".formatted(near))
            .orElse("there are %s".formatted(String.join(", ", existing)));
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNKNOWN_BRANCH",
        "%s: no such branch; %s\nTo make it: fs-migrate branch create %s"
            .formatted(name, nearest, name));
  }

  static FsMigrateException branchExists(String name) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "BRANCH_EXISTS",
        "%s: there is a branch with this name already; choose another".formatted(name));
  }

  static FsMigrateException refMoved(
      String name, Optional<String> expected, Optional<String> actual) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "REF_MOVED",
        "%s: the branch moved from %s to %s in the meantime; nothing was changed on it.\n"
                .formatted(name, commit(expected), commit(actual))
            + "Look at what came in (fs-migrate branch show %s), then run this again"
                .formatted(name));
  }

  private static String commit(Optional<String> id) {
    return id.map(text -> "commit " + text.substring(0, Math.min(12, text.length())))
        .orElse("no commit");
  }

  static FsMigrateException invalidName(String name) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_BRANCH_NAME",
        "%s: not a branch name; use up to 100 letters, digits, '.', '_', '-' and '/' between words,"
                .formatted(name)
            + " such as feature/flights-2 (not parquet, delta or sagemaker)");
  }

  static FsMigrateException typeNeeded(String name) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "BRANCH_TYPE_NEEDED",
        "%s: the name does not say what type of branch it is; give a type (%s) or a name such as"
                .formatted(name, types())
            + " feature/%s".formatted(name.substring(name.lastIndexOf('/') + 1)));
  }

  static FsMigrateException typeContradicts(String name, BranchType derived, BranchType given) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "BRANCH_TYPE_CONTRADICTS",
        "%s: the name says %s, the type given is %s; change one of them"
            .formatted(name, derived.text(), given.text()));
  }

  static FsMigrateException onlyOneMain(String name) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "ONLY_ONE_MAIN",
        "%s: only the branch called main is of type main; give another type (%s)"
            .formatted(name, types()));
  }

  private static String types() {
    return Arrays.stream(BranchType.values())
        .filter(type -> type != BranchType.MAIN)
        .map(BranchType::text)
        .collect(Collectors.joining(", "));
  }

  static FsMigrateException missingCommit(String id, String where) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "COMMIT_MISSING",
        "%s: commit %s is named by a branch or a later commit but is not there; the table is damaged,"
                .formatted(where, id)
            + " restore it from a copy");
  }

  static FsMigrateException fencedOff(String target) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FENCED_OFF",
        "%s: another process has taken over the work on it; nothing was committed to the branch, and this process stops"
            .formatted(target));
  }
}
