package io.fsmigrate.offline.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.api.java.UDF5;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.AccumulatorV2;

/**
 * Brings the failed rows of one query to the driver while the query writes the others, so that a
 * few failed rows among many do not cost a second reading.
 *
 * <p>They travel in an accumulator, which Spark adds up once for each task of a query's last stage,
 * whatever is retried; a query that shuffles must not be given one. Beyond a number of bytes it
 * gives up: such a source has enough failed rows to be worth a second reading.
 */
public final class FailedRowCatcher {
  private final Accumulator accumulator;

  /**
   * One failed row.
   *
   * @param segment where in the pipeline
   * @param failure the number of the check
   * @param value what the check saw; may be null
   * @param original the row as it entered the segment, as JSON
   * @param transformed the row as it would have been written, as JSON; null where it is not that
   *     far
   */
  record Caught(int segment, int failure, String value, String original, String transformed)
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    long bytes() {
      // Two bytes a character, and what the objects themselves take.
      return 96L + 2L * (length(value) + length(original) + length(transformed));
    }

    private static int length(String text) {
      return text == null ? 0 : text.length();
    }
  }

  private FailedRowCatcher(Accumulator accumulator) {
    this.accumulator = accumulator;
  }

  /**
   * For one query. Each task has its share of the bytes: they come back with the task's result, and
   * Spark ends a job whose results together are too large.
   *
   * @param maxBytes give up beyond this
   * @param tasks about how many tasks the query has
   */
  public static FailedRowCatcher register(SparkContext context, long maxBytes, long tasks) {
    Accumulator accumulator = new Accumulator(maxBytes, maxBytes / Math.max(1, tasks));
    context.register(accumulator);
    return new FailedRowCatcher(accumulator);
  }

  /** Takes the parts of {@link Caught}. Has an effect, so Spark must not repeat it. */
  UserDefinedFunction function() {
    return functions
        .udf(new Catch(accumulator), DataTypes.BooleanType)
        .asNondeterministic()
        .asNonNullable();
  }

  /** What was caught; empty when that was too much. */
  Optional<List<Caught>> caught() {
    return accumulator.value();
  }

  /** What runs on the executors, for failed rows only. */
  private static final class Catch
      implements UDF5<Integer, Integer, String, String, String, Boolean> {
    private static final long serialVersionUID = 1L;

    private final Accumulator accumulator;

    Catch(Accumulator accumulator) {
      this.accumulator = accumulator;
    }

    @Override
    public Boolean call(
        Integer segment, Integer failure, String value, String original, String transformed) {
      accumulator.add(new Caught(segment, failure, value, original, transformed));
      return true;
    }
  }

  /** Read by Spark's heartbeat while a task adds to it, hence the locks. */
  private static final class Accumulator extends AccumulatorV2<Caught, Optional<List<Caught>>> {
    private static final long serialVersionUID = 1L;

    private final long maxBytes;
    private final long taskBytes;
    private final List<Caught> rows = new ArrayList<>();
    private long bytes;
    private boolean overflowed;

    Accumulator(long maxBytes, long taskBytes) {
      this.maxBytes = maxBytes;
      this.taskBytes = taskBytes;
    }

    @Override
    public synchronized boolean isZero() {
      return rows.isEmpty() && !overflowed;
    }

    @Override
    public synchronized AccumulatorV2<Caught, Optional<List<Caught>>> copy() {
      Accumulator copy = new Accumulator(maxBytes, taskBytes);
      copy.rows.addAll(rows);
      copy.bytes = bytes;
      copy.overflowed = overflowed;
      return copy;
    }

    @Override
    public synchronized void reset() {
      rows.clear();
      bytes = 0;
      overflowed = false;
    }

    @Override
    public void add(Caught row) {
      add(row, taskBytes);
    }

    private synchronized void add(Caught row, long limit) {
      if (overflowed) {
        return;
      }
      bytes += row.bytes();
      if (bytes > limit) {
        overflow();
      } else {
        rows.add(row);
      }
    }

    @Override
    public void merge(AccumulatorV2<Caught, Optional<List<Caught>>> other) {
      Optional<List<Caught>> theirs = other.value();
      synchronized (this) {
        if (theirs.isEmpty()) {
          overflow();
        } else {
          theirs.get().forEach(row -> add(row, maxBytes));
        }
      }
    }

    private void overflow() {
      overflowed = true;
      rows.clear();
    }

    @Override
    public synchronized Optional<List<Caught>> value() {
      return overflowed ? Optional.empty() : Optional.of(List.copyOf(rows));
    }

    /** Spark serialises it to send it, also while a task is at work on it. */
    private synchronized void writeObject(java.io.ObjectOutputStream out)
        throws java.io.IOException {
      out.defaultWriteObject();
    }
  }
}
