package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The published table as the online stores take it. However many they are, it is read and shuffled
 * once. Not safe for several threads.
 */
final class ServedTable {
  private final SparkSession session;
  private final VersionedGroup target;
  private final TablePointer table;
  private final Map<Integer, JavaRDD<Row>> newest = new TreeMap<>();
  private Optional<Long> rows = Optional.empty();

  ServedTable(SparkSession session, VersionedGroup target, TablePointer table) {
    this.session = session;
    this.target = target;
    this.table = table;
  }

  /** Its rows by its statistics. */
  long rows() {
    if (rows.isEmpty()) {
      rows = source(session).snapshot().rows();
    }
    return rows.orElseThrow();
  }

  /** See {@link NewestRecords}; Spark keeps what the first job over it has shuffled. */
  JavaRDD<Row> newest(int buckets) {
    return newest.computeIfAbsent(buckets, this::cut);
  }

  /** In a session in which the partitions of one shuffle are the buckets. */
  private JavaRDD<Row> cut(int buckets) {
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) session).cloneSession();
    own.conf().set("spark.sql.adaptive.enabled", "false");
    own.conf().set("spark.sql.shuffle.partitions", Integer.toString(buckets));
    // Delta makes frames in the active session, whichever it was opened with.
    SparkSession.setActiveSession(own);
    try {
      return NewestRecords.of(source(own).readAll(), target);
    } finally {
      SparkSession.setActiveSession(session);
    }
  }

  private DeltaSource source(SparkSession in) {
    return DeltaSource.open(in, table.path(), Optional.of(table.version()));
  }
}
