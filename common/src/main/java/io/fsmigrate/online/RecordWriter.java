package io.fsmigrate.online;

import java.util.List;
import java.util.function.Consumer;

/**
 * Writes records of one feature group to one online store. Not safe for several threads.
 *
 * <p>Batches may be in the air side by side: what became of one is told, in the caller's thread and
 * in any order, by the time a later call returns, at the latest {@link #flush} or {@link #commit}.
 *
 * <p>A bucket is what is written between two commits. Where the store has transactions, a bucket is
 * one: other readers and writers see all of it from {@link #commit} on and nothing before, and a
 * writer that is closed or dies before that leaves nothing of it. The transaction begins with the
 * first {@link #write} of the bucket, so a writer that waits for its input blocks nobody. Where the
 * store has none, records are visible as soon as they are written, and commit returns when all of
 * them are durable. Either way writing a bucket again does no harm.
 */
public interface RecordWriter extends AutoCloseable {
  /**
   * Takes one batch, whose records are written each only where it wins by {@link TieRule}. A record
   * that cannot be written is reported and does not keep the others back. Waits while the writer
   * holds as much as it may.
   *
   * @param outcome is told once what became of the batch, by this or a later call
   * @throws io.fsmigrate.error.FsMigrateException when the store itself cannot take records; the
   *     bucket is then lost and the writer can only be closed
   */
  void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome);

  /**
   * Goes on with what is under way while the caller waits for input; takes a moment, and longer
   * where something has to be tried again. Whoever has nothing to write for a while calls it now
   * and then: a writer may have replies to read, and calls that others wait for, or to repeat.
   *
   * @throws io.fsmigrate.error.FsMigrateException as {@link #write}
   */
  default void rest() {}

  /**
   * Waits until the outcome of every batch has been told.
   *
   * @throws io.fsmigrate.error.FsMigrateException as {@link #write}
   */
  void flush();

  /**
   * Ends the bucket: every outcome has been told and what was written is durable when this returns.
   *
   * @throws io.fsmigrate.error.FsMigrateException when the store cannot do it; a store with
   *     transactions has then kept nothing of the bucket
   */
  void commit();

  /** Gives up what was not committed and frees what the writer holds. */
  @Override
  void close();
}
