package io.fsmigrate.state;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.checkpoints.CheckpointMetaData;
import io.delta.kernel.internal.checkpoints.Checkpointer;
import io.delta.kernel.internal.replay.CreateCheckpointIterator;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.internal.util.Utils;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes checkpoints that are whole. Kernel reads the log while it writes the checkpoint, and when
 * the reading fails half-way, closing the writer publishes what there is so far: a valid file in
 * which keys are missing. So everything is read before anything is written, and the checkpoint is
 * read back before the log behind it may go.
 */
final class CheckpointWriter {
  private final StateStorage storage;
  private final Engine engine;

  CheckpointWriter(StateStorage storage, Engine engine) {
    this.storage = storage;
    this.engine = engine;
  }

  /**
   * @param keys what the checkpoint must hold
   * @return whether there is a good checkpoint of this snapshot now that this call has written
   */
  boolean write(Snapshot snapshot, Map<String, String> keys) throws IOException {
    List<FilteredColumnarBatch> content = new ArrayList<>();
    CreateCheckpointIterator actions = snapshot.getCreateCheckpointIterator(engine);
    try (actions) {
      actions.forEachRemaining(batch -> content.add(keep(batch)));
    }
    long version = snapshot.getVersion();
    String path = FileNames.checkpointFileSingular(snapshot.getLogPath(), version).toString();
    try {
      engine
          .getParquetHandler()
          .writeParquetFileAtomically(path, Utils.toCloseableIterator(content.iterator()));
    } catch (FileAlreadyExistsException e) {
      // Another process was here first; it does the rest as well.
      return false;
    }
    if (!readsBack(version, keys)) {
      storage.files().delete(path);
      throw new IOException(path + " does not hold what was written");
    }
    new Checkpointer(snapshot.getLogPath())
        .writeLastCheckpointFile(
            engine,
            new CheckpointMetaData(version, actions.getNumberOfAddActions(), Optional.empty()));
    return true;
  }

  /** The iterator uses one buffer for the selection of every batch. */
  private FilteredColumnarBatch keep(FilteredColumnarBatch batch) {
    return new FilteredColumnarBatch(batch.getData(), batch.getSelectionVector().map(this::copy));
  }

  private ColumnVector copy(ColumnVector selection) {
    boolean[] selected = new boolean[selection.getSize()];
    for (int row = 0; row < selected.length; row++) {
      selected[row] = !selection.isNullAt(row) && selection.getBoolean(row);
    }
    return engine.getExpressionHandler().createSelectionVector(selected, 0, selected.length);
  }

  private boolean readsBack(long version, Map<String, String> keys) {
    Snapshot written = TableManager.loadSnapshot(storage.path()).atVersion(version).build(engine);
    return written.getLogSegment().getCheckpointVersionOpt().equals(Optional.of(version))
        && KernelLog.domains(written).equals(keys);
  }
}
