package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;

import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetFooter;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Rows that a deletion takes away: its own, and all of an identifier whose newest row it is.
 *
 * <p>The identifiers are found once and kept beside the run; each unit then leaves them out on its
 * own, so that it stays a unit.
 */
final class Deletions {
  private static final String MARK = "deleted.json";
  private static final String DIRECTORY = "deleted";
  private static final String GONE = "__fs_gone";

  /** Identifiers that are sent to every task; more of them meet the rows in a shuffle. */
  private static final long MOST_SENT = 2_000_000;

  private final SparkSession session;
  private final FeatureGroupDescription group;
  private final RunFiles files;

  /**
   * What was found.
   *
   * @param rows deletions
   * @param identifiers whose newest row is one
   */
  record Found(long rows, long identifiers) {
    static final Found NONE = new Found(0, 0);
  }

  Deletions(SparkSession session, FeatureGroupDescription group, RunFiles files) {
    this.session = session;
    this.group = group;
    this.files = files;
  }

  /** Whether any row can be a deletion, by the files' statistics. */
  static boolean possible(List<ParquetFooter> footers) {
    return footers.stream().anyMatch(footer -> footer.canBeTrue(GroupColumns.IS_DELETED));
  }

  /**
   * Finds them, or what an earlier attempt found.
   *
   * @param revived identifiers that an online record brings back
   */
  Found find(List<ParquetFooter> footers, Optional<Dataset<Row>> revived) {
    if (!possible(footers)) {
      return Found.NONE;
    }
    Optional<Found> before = files.read(MARK, Found.class);
    if (before.isPresent()) {
      return before.get();
    }
    List<ParquetFooter> suspects =
        footers.stream().filter(f -> f.canBeTrue(GroupColumns.IS_DELETED)).toList();
    Dataset<Row> deletions = rows(suspects).where(Rows.isDeleted());
    long rows = deletions.count();
    Found found =
        rows == 0 ? Found.NONE : new Found(rows, identifiers(footers, deletions, revived));
    files.write(MARK, found);
    return found;
  }

  private long identifiers(
      List<ParquetFooter> footers, Dataset<Row> deletions, Optional<Dataset<Row>> revived) {
    Column id = Rows.identifier(group);
    Dataset<Row> suspects = deletions.select(id).where(id.isNotNull()).distinct();
    Column age =
        struct(
            Rows.newestKey(group).as("event"),
            col(GroupColumns.INVOCATION_TIME),
            col(GroupColumns.WRITE_TIME));
    Dataset<Row> all = rows(footers);
    Dataset<Row> gone =
        all.join(
                suspects,
                all.col(group.recordIdentifier()).equalTo(suspects.col(group.recordIdentifier())),
                "left_semi")
            .groupBy(id)
            .agg(max_by(Rows.isDeleted(), age).as(GONE))
            .where(col(GONE))
            .select(id);
    if (revived.isPresent()) {
      gone =
          gone.join(
              revived.get().select(id).distinct(),
              scala.jdk.javaapi.CollectionConverters.asScala(List.of(group.recordIdentifier()))
                  .toSeq(),
              "left_anti");
    }
    gone.write().mode("overwrite").parquet(files.path(DIRECTORY));
    return session.read().parquet(files.path(DIRECTORY)).count();
  }

  /** The columns that tell which row is the newest. */
  private Dataset<Row> rows(List<ParquetFooter> footers) {
    ParquetSource source =
        ParquetSource.of(session, group.name(), footers, GroupColumns.all(group));
    InputUnit all = UnitPacking.single(source.slices()).get(0);
    return source.read(all);
  }

  /**
   * The rows that are left, with those left out counted.
   *
   * @param rows with identifier and is_deleted
   */
  Dataset<Row> leaveOut(Dataset<Row> rows, Found found, Optional<String> observation) {
    Dataset<Row> marked = rows;
    Column out = Rows.isDeleted();
    if (found.identifiers() > 0) {
      Dataset<Row> gone =
          session
              .read()
              .option(ParquetSource.NOT_COUNTED, "true")
              .parquet(files.path(DIRECTORY))
              .select(Rows.identifier(group).as(GONE));
      Dataset<Row> sent = found.identifiers() <= MOST_SENT ? broadcast(gone) : gone;
      marked = rows.join(sent, Rows.identifier(group).equalTo(col(GONE)), "left_outer");
      out = out.or(col(GONE).isNotNull());
    }
    if (observation.isPresent()) {
      marked =
          marked.observe(
              observation.get(), count(functions.when(out, lit(1))).as(OfflineSource.LEFT_OUT));
    }
    return marked.where(not(out));
  }
}
