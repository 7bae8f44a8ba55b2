package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * While it is open, a session reads files in tasks of about the size of a unit. Units of a group
 * are read by one query; without this, Spark would put small ones together into one task, and cores
 * would stand idle.
 */
final class UnitSizedTasks implements AutoCloseable {
  private static final String TASK_BYTES = "spark.sql.files.maxPartitionBytes";
  private static final String FILE_BYTES = "spark.sql.files.openCostInBytes";

  private final SparkSession session;
  private final Map<String, String> before = new LinkedHashMap<>();

  /** A unit that fails whole may do better in so many tasks. */
  private static final int PARTS = 8;

  UnitSizedTasks(SparkSession session, List<InputUnit> units) {
    this(session, units.stream().mapToLong(InputUnit::bytes).max().orElse(Long.MAX_VALUE));
  }

  /** In tasks of a part of their size. */
  static UnitSizedTasks small(SparkSession session, List<InputUnit> units) {
    return new UnitSizedTasks(
        session, units.stream().mapToLong(InputUnit::bytes).max().orElseThrow() / PARTS);
  }

  private UnitSizedTasks(SparkSession session, long unit) {
    this.session = session;
    lower(TASK_BYTES, Math.max(1, unit));
    // What opening a file counts for must stay small beside that.
    lower(FILE_BYTES, Math.max(1, unit / 32));
  }

  private void lower(String key, long bytes) {
    before.put(key, session.conf().get(key));
    long now = org.apache.spark.network.util.JavaUtils.byteStringAsBytes(session.conf().get(key));
    session.conf().set(key, Math.min(now, bytes));
  }

  @Override
  public void close() {
    before.forEach(session.conf()::set);
  }
}
