package io.fsmigrate.state;

import io.delta.kernel.Transaction;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small Delta table that several processes share without a server: keys, changed under
 * compare-and-set, and rows, which are only ever added.
 *
 * <p>Keys are the table's domain metadata. Every read sees the newest commit as a whole. The table
 * is created by its first commit; before that it is empty. Safe to share between threads.
 */
public final class StateTable {
  private static final Logger LOG = LoggerFactory.getLogger(StateTable.class);
  private static final int READ_ATTEMPTS = 8;
  private static final long LONGEST_WAIT_MILLIS = 250;

  private final StateStorage storage;
  private final StateOptions options;
  private final KernelLog log;
  private TableState state = TableState.ABSENT;

  /**
   * Opens the table at a path; nothing is read or written yet.
   *
   * @throws FsMigrateException if the path is on a store where commits would not be safe
   */
  public StateTable(String path, Configuration configuration, Clock clock) {
    this(path, configuration, clock, StateOptions.DEFAULTS);
  }

  /** The same with other upkeep of the log. */
  public StateTable(String path, Configuration configuration, Clock clock, StateOptions options) {
    this.options = options;
    storage = StateStorage.of(path, configuration);
    log = new KernelLog(storage, options, clock, new Json());
  }

  /** The table's directory, absolute and with its scheme. */
  public String path() {
    return storage.path();
  }

  /** The number of the newest commit, from 0; -1 while there is no table. */
  public synchronized long version() {
    return reading(() -> refresh().version());
  }

  /** What the key holds. */
  public synchronized Optional<String> find(String key) {
    return reading(() -> Optional.ofNullable(refresh().keys().get(key)));
  }

  /** All keys that begin with the prefix and what they hold, in the order of the keys. */
  public synchronized NavigableMap<String, String> all(String prefix) {
    return reading(
        () -> {
          NavigableMap<String, String> keys = refresh().keys();
          return prefix.isEmpty()
              ? keys
              : Collections.unmodifiableNavigableMap(
                  keys.subMap(prefix, true, prefix + Character.MAX_VALUE, false));
        });
  }

  /** The row with this id; of several, the newest. Reads only files that can hold it. */
  public synchronized Optional<StateRow> row(String id) {
    return reading(
        () -> {
          List<FileStatus> candidates =
              files().stream().filter(file -> file.canHold(id)).map(RowFile::file).toList();
          return log.rowFiles().read(candidates).stream()
              .filter(row -> row.id().equals(id))
              .reduce((left, right) -> right.at().isBefore(left.at()) ? left : right);
        });
  }

  /** Every row, in no particular order. */
  public synchronized List<StateRow> rows() {
    return reading(() -> log.rowFiles().read(files().stream().map(RowFile::file).toList()));
  }

  /**
   * Applies the change as a whole. Commits of other writers that leave the expected keys alone do
   * not matter: the change is tried again on top of them.
   *
   * @return the version that holds the change
   * @throws StateConflictException if a key does not hold what the change expects
   * @throws FsMigrateException if the table cannot be read or written
   */
  public synchronized long commit(StateChange change) {
    List<DataFileStatus> files = List.of();
    for (int attempt = 0; attempt < options.maximumAttempts(); attempt++) {
      if (attempt > 0) {
        pause(attempt);
      }
      TableState before = reading(this::refresh);
      Optional<String> unexpected = before.unexpected(change);
      if (unexpected.isPresent()) {
        throw conflict(before, change, unexpected.get());
      }
      try {
        Transaction transaction = log.begin(before);
        if (files.isEmpty() && !change.rows().isEmpty()) {
          files = log.rowFiles().write(transaction, change.rows());
        }
        Optional<TableState> after = log.commit(transaction, before, change, files);
        if (after.isPresent()) {
          state = after.get();
          checkpointIfDue();
          return before.version() + 1;
        }
      } catch (IOException | RuntimeException e) {
        throw StateErrors.cannotWrite(storage.path(), e);
      }
    }
    throw StateErrors.busy(storage.path(), options.maximumAttempts());
  }

  private StateConflictException conflict(TableState before, StateChange change, String key) {
    return new StateConflictException(
        storage.path(),
        key,
        change.expected().get(key),
        Optional.ofNullable(before.keys().get(key)));
  }

  /** The commit is done by now, so upkeep that fails is left to the next commit. */
  private void checkpointIfDue() {
    if (!log.isCheckpointDue(state)) {
      return;
    }
    try {
      log.checkpoint(state);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: the log was not checkpointed: {}", storage.path(), e.toString());
    }
    // The snapshot in memory would go on from the old checkpoint.
    state = TableState.ABSENT;
  }

  private TableState refresh() throws IOException {
    state = log.load(state);
    return state;
  }

  private List<RowFile> files() throws IOException {
    TableState current = refresh();
    if (current.rowFiles().isEmpty()) {
      state = current.withRowFiles(log.rowFiles().list(current.snapshot().orElseThrow()));
    }
    return state.rowFiles().orElseThrow();
  }

  /** Listing and reading are not one step: what was listed may be cleaned up before it is read. */
  private <T> T reading(Reading<T> reading) {
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.read();
      } catch (FsMigrateException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        state = TableState.ABSENT;
        if (attempt == READ_ATTEMPTS) {
          throw StateErrors.cannotRead(storage.path(), e);
        }
        LOG.debug("{}: reading again from a fresh listing", storage.path(), e);
        pause(attempt);
      }
    }
  }

  /** Grows with the attempts and is spread at random, so that writers do not meet again. */
  private void pause(int attempt) {
    long longest = Math.min(LONGEST_WAIT_MILLIS, 4L << Math.min(attempt, 10));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, longest + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StateErrors.interrupted(storage.path(), e);
    }
  }

  /** A read that can be repeated. */
  private interface Reading<T> {
    T read() throws IOException;
  }
}
