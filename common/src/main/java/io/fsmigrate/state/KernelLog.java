package io.fsmigrate.state;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.DataFileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A state table as Kernel sees it: load, commit, checkpoint. Knows nothing of retries. */
final class KernelLog {
  private static final String PROGRAM = "fs-migrate";

  /**
   * Kernel's own clean-up goes by days, and statistics are needed of the id alone, which is the
   * first column.
   */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "delta.feature.domainMetadata", "supported",
          "delta.enableExpiredLogCleanup", "false",
          "delta.dataSkippingNumIndexedCols", "1");

  private final StateStorage storage;
  private final StateOptions options;
  private final Engine engine;
  private final PublishingCommitter committer;
  private final RowFiles rowFiles;
  private final CheckpointWriter checkpoints;
  private final LogCleaner cleaner;

  KernelLog(StateStorage storage, StateOptions options, Clock clock, Json json) {
    this.storage = storage;
    this.options = options;
    engine = DefaultEngine.create(storage.files());
    committer = new PublishingCommitter(storage.files(), storage.publisher());
    rowFiles = new RowFiles(storage.path(), engine, json);
    checkpoints = new CheckpointWriter(storage, engine);
    cleaner = new LogCleaner(storage, options, clock);
  }

  RowFiles rowFiles() {
    return rowFiles;
  }

  /** The newest state; {@code known} is reused as far as it is still right. */
  TableState load(TableState known) throws IOException {
    if (isNewest(known)) {
      return known;
    }
    // Not left to Kernel's "table not found": a log without its first versions is no new table.
    if (!cleaner.hasVersions()) {
      return TableState.ABSENT;
    }
    Snapshot snapshot =
        TableManager.loadSnapshot(storage.path()).withCommitter(committer).build(engine);
    return new TableState(Optional.of(snapshot), domains(snapshot), Optional.empty());
  }

  private boolean isNewest(TableState known) throws IOException {
    // In this order: files vanish oldest first, so if ours is still there, the next one was not
    // there yet rather than gone already.
    return known.version() >= 0 && !exists(known.version() + 1) && exists(known.version());
  }

  private boolean exists(long version) throws IOException {
    try {
      storage.files().getFileStatus(FileNames.deltaFile(storage.log(), version));
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  static NavigableMap<String, String> domains(Snapshot snapshot) {
    if (!(snapshot instanceof SnapshotImpl withDomains)) {
      throw new IllegalStateException("Kernel's snapshot no longer lists its domains");
    }
    TreeMap<String, String> keys = new TreeMap<>();
    withDomains
        .getActiveDomainMetadataMap()
        .forEach((name, domain) -> keys.put(name, domain.getConfiguration()));
    return Collections.unmodifiableNavigableMap(keys);
  }

  /** A transaction on exactly this state, for one attempt. */
  Transaction begin(TableState state) {
    return state
        .snapshot()
        .map(
            snapshot ->
                snapshot
                    .buildUpdateTableTransaction(PROGRAM, Operation.WRITE)
                    .withMaxRetries(0)
                    .build(engine))
        .orElseGet(
            () ->
                TableManager.buildCreateTableTransaction(storage.path(), RowFiles.SCHEMA, PROGRAM)
                    .withTableProperties(PROPERTIES)
                    .withCommitter(committer)
                    .withMaxRetries(0)
                    .build(engine));
  }

  /**
   * The state after the change, or nothing if another writer took the version.
   *
   * @param files the data files that hold the rows of the change
   */
  Optional<TableState> commit(
      Transaction transaction, TableState state, StateChange change, List<DataFileStatus> files)
      throws IOException {
    change
        .changes()
        .forEach(
            (key, value) ->
                value.ifPresentOrElse(
                    text -> transaction.addDomainMetadata(key, text),
                    () -> transaction.removeDomainMetadata(key)));
    List<Row> actions = files.isEmpty() ? List.of() : rowFiles.actions(transaction, files);
    committer.begin();
    try {
      TransactionCommitResult result =
          transaction.commit(
              engine,
              CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
      return Optional.of(
          new TableState(
              result.getPostCommitSnapshot(), state.keysAfter(change), Optional.empty()));
    } catch (RuntimeException e) {
      return switch (committer.outcome()) {
        case NOT_PUBLISHED -> throw e;
        case CONFLICT -> Optional.empty();
        // Done all the same; the next read starts from a fresh listing.
        case PUBLISHED -> Optional.of(TableState.ABSENT);
      };
    }
  }

  /** Whether enough commits came since the last checkpoint. */
  boolean isCheckpointDue(TableState state) {
    return state
        .snapshot()
        .map(
            snapshot ->
                snapshot.getVersion()
                        - snapshot.getLogSegment().getCheckpointVersionOpt().orElse(-1L)
                    >= options.checkpointInterval())
        .orElse(false);
  }

  /** Writes a checkpoint of this state and deletes what it makes superfluous. */
  void checkpoint(TableState state) throws IOException {
    if (state.snapshot().isPresent() && checkpoints.write(state.snapshot().get(), state.keys())) {
      cleaner.clean(state.version());
    }
  }
}
