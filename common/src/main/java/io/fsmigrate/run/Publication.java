package io.fsmigrate.run;

import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.FsMigrateException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Lets the target's branch show the table of a run. */
final class Publication {
  private final BranchStore branches;

  Publication(BranchStore branches) {
    this.branches = branches;
  }

  /** Moves the branch once: a commit of this run that is there already is not made again. */
  String publish(Plan plan, String run, TablePointer pointer) {
    Plan.Target target = plan.target();
    if (branches.find(target.branch()).isEmpty()) {
      String from =
          Address.parse(plan.request().source()) instanceof Address.Stored stored
              ? stored.branch()
              : Address.DEFAULT_BRANCH;
      branches.create(target.branch(), from, author(), creation(run));
    }
    return move(
        new Move(
            target.branch(),
            target.group(),
            target.address(),
            "migrate %s to %s@%s"
                .formatted(plan.request().source(), target.group(), target.version()),
            plan.fingerprint()),
        () -> plannedFor(target, run),
        run,
        pointer);
  }

  /** The same for what a retry has added to the table that the branch shows. */
  String publish(RetryPlan plan, String run, TablePointer pointer) {
    return move(
        new Move(
            plan.branch(),
            plan.group(),
            plan.address(),
            "retry %s into %s@%s"
                .formatted(plan.run(), plan.group(), plan.table().featureVersion()),
            plan.fingerprint()),
        () -> Optional.of(plan.table()),
        run,
        pointer);
  }

  private record Move(
      String branch, String group, String address, String message, Fingerprint fingerprint) {}

  private String move(
      Move move, Supplier<Optional<TablePointer>> planned, String run, TablePointer pointer) {
    while (true) {
      Optional<BranchCommit> head = branches.head(move.branch());
      Optional<TablePointer> shown = head.map(h -> h.tables().get(move.group()));
      if (shown.equals(Optional.of(pointer))) {
        return head.orElseThrow().id();
      }
      if (!shown.equals(planned.get())) {
        throw RunErrors.targetMoved(move.address());
      }
      try {
        return branches
            .commit(
                move.branch(),
                head.map(BranchCommit::id),
                author(),
                move.message(),
                Map.of("run", run, "fingerprint", move.fingerprint().hash()),
                Map.of(move.group(), pointer),
                Set.of())
            .id();
      } catch (FsMigrateException e) {
        // Another feature group of the branch moved in between: look again.
        if (!e.code().equals("REF_MOVED")) {
          throw e;
        }
      }
    }
  }

  private static String creation(String run) {
    return "create for run " + run;
  }

  /** What the branch must still show; one that was made for this run, what it showed at first. */
  private Optional<TablePointer> plannedFor(Plan.Target target, String run) {
    if (target.branchExists()) {
      return target.current();
    }
    return branches.log(target.branch(), Integer.MAX_VALUE).stream()
        .filter(commit -> commit.message().equals(creation(run)))
        .findFirst()
        .map(commit -> commit.tables().get(target.group()));
  }

  private static String author() {
    return System.getProperty("user.name", "unknown");
  }
}
