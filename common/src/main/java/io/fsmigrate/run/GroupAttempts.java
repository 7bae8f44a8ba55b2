package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.UnitPacking;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a group of units, or else what can be done of it: units that fail together may do so for
 * their size, and are tried again in halves and at last in small tasks. A file that cannot be read
 * is named, and left out where that was asked for. What is tried is for {@link StubbornGroup} to
 * say.
 */
final class GroupAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(GroupAttempts.class);

  private final PreparedRun prepared;
  private final String run;
  private final RunTable table;
  private final GroupQueries queries;
  private final GroupWriter writer;
  private final GroupMarks marks;
  private final OfflineUnits units;
  private final LeaseKeeper lease;
  private final Object smallTasks = new Object();

  GroupAttempts(
      PreparedRun prepared,
      String run,
      RunTable table,
      GroupQueries queries,
      GroupWriter writer,
      GroupMarks marks,
      OfflineUnits units,
      LeaseKeeper lease) {
    this.prepared = prepared;
    this.run = run;
    this.table = table;
    this.queries = queries;
    this.writer = writer;
    this.marks = marks;
    this.units = units;
    this.lease = lease;
  }

  /**
   * Writes a group.
   *
   * @param created done once the table is there
   * @throws ExecutionException with what went wrong where nothing else is worth trying
   */
  void write(List<InputUnit> group, Future<Void> created)
      throws InterruptedException, ExecutionException {
    try {
      writer.write(group, created);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Spark's and Delta's checked exceptions are declared nowhere.
      writeInParts(group, created, e);
    }
  }

  private void writeInParts(List<InputUnit> group, Future<Void> created, Exception failure)
      throws InterruptedException, ExecutionException {
    // What was committed must not be written again, whatever went wrong after that.
    if (lease.loss().isPresent() || marks.hasAnyOf(group)) {
      throw new ExecutionException(failure);
    }
    Optional<String> file = StubbornGroup.unreadableFile(failure);
    if (file.isPresent()) {
      List<InputUnit> others = leaveOut(file.get(), group, failure);
      if (!others.isEmpty()) {
        write(others, created);
      }
    } else if (!StubbornGroup.isWorthAnotherTry(failure(failure))) {
      throw new ExecutionException(failure);
    } else if (group.size() > 1) {
      LOG.warn("{}: tried again in halves", UnitPacking.together(group).id(), failure);
      for (List<InputUnit> half : StubbornGroup.halves(group)) {
        write(half, created);
      }
    } else {
      LOG.warn("{}: tried again in small tasks", group.get(0).id(), failure);
      // One at a time: a setting that is put back must be that of the run.
      synchronized (smallTasks) {
        try (UnitSizedTasks tasks = UnitSizedTasks.small(prepared.session(), group)) {
          writer.write(group, created);
        }
      }
    }
  }

  /** Counts a group again that an earlier process wrote, and records it. */
  void countAgain(List<InputUnit> group) {
    GroupQueries.Query query = queries.of(group);
    try {
      query.run();
    } catch (Exception e) {
      // Spark declares the failure of a job nowhere, and in Scala it is a checked exception.
      Optional<String> file = StubbornGroup.unreadableFile(e);
      if (file.isEmpty()) {
        throw failure(e);
      }
      // It was left out by the process that wrote the group, too.
      List<InputUnit> others = leaveOut(file.get(), group, e);
      if (!others.isEmpty()) {
        countAgain(others);
      }
      return;
    }
    writer.record(group, query);
  }

  /** The units of a group that have other files than this one. */
  private List<InputUnit> leaveOut(String file, List<InputUnit> group, Throwable failure) {
    StubbornGroup.Without without = StubbornGroup.without(file, group);
    if (!prepared.plan().request().skipUnreadable() || without.left().isEmpty()) {
      throw RunErrors.unreadableFile(file, UnitPacking.together(group).id(), run, failure);
    }
    LOG.warn("{}: left out, because it cannot be read", file, failure);
    units.leaveOut(without);
    return without.units();
  }

  /** What to tell of something that went wrong with a group. */
  RuntimeException failure(Throwable cause) {
    return DiskFullErrors.is(cause)
        ? DiskFullErrors.error(table.location(), run, cause)
        : RunErrors.failure(
            prepared.plan().source().location(), prepared.pipeline(), prepared.masking(), cause);
  }
}
