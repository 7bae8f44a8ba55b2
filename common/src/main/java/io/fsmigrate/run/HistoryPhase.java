package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.sagemaker.GlueTarget;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.sagemaker.SageMakerOnlineStore;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Adds the rows of a run's table to the offline store of a feature group, in bulk. */
final class HistoryPhase {
  private final Catalog catalog;
  private final SparkSession session;
  private final Warehouse warehouse;
  private final Clock clock;

  HistoryPhase(Catalog catalog, SparkSession session, Warehouse warehouse, Clock clock) {
    this.catalog = catalog;
    this.session = session;
    this.warehouse = warehouse;
    this.clock = clock;
  }

  /** What the report calls it. */
  static String name(String store) {
    return store + ".offline";
  }

  /**
   * Whether a store wants the history, which must then fit.
   *
   * @throws io.fsmigrate.error.FsMigrateException saying everything that keeps rows from being
   *     added
   */
  boolean isWanted(OnlineStoreDefinition definition, VersionedGroup target) {
    return group(definition, target).map(group -> open(group, target)).isPresent();
  }

  /**
   * Adds what is not there yet; rows that are there already stay as they are.
   *
   * @param listener told of the beginning and the end
   * @return the counters; empty where the store does not want the history
   */
  Optional<Map<String, Long>> execute(
      OnlineStoreDefinition definition,
      VersionedGroup target,
      TablePointer table,
      String run,
      RunListener listener) {
    Optional<FeatureGroupDescription> group = group(definition, target);
    if (group.isEmpty()) {
      return Optional.empty();
    }
    DeltaSource rows = DeltaSource.open(session, table.path(), Optional.of(table.version()));
    String name = name(definition.name());
    long total = rows.snapshot().rows().orElseThrow();
    listener.on(new RunEvent(RunEvent.Kind.HISTORY_STARTED, run, name, List.of(), total));
    Path directory = new Path(warehouse.file(run, name + "/" + run));
    GlueTarget.Written written = open(group.get(), target).write(rows, directory, clock.instant());
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put(Counters.READ, written.rows());
    counters.put(Counters.WRITTEN, written.written());
    counters.put(Counters.UNCHANGED, written.unchanged());
    new Sums(true).history(name, counters, total).require();
    listener.on(new RunEvent(RunEvent.Kind.HISTORY_ENDED, run, name, List.of(), total));
    return Optional.of(counters);
  }

  private Optional<FeatureGroupDescription> group(
      OnlineStoreDefinition definition, VersionedGroup target) {
    OnlineStore store = OnlineStores.of(definition);
    return store instanceof SageMakerOnlineStore sageMaker
        ? sageMaker.history(target)
        : Optional.empty();
  }

  private GlueTarget open(FeatureGroupDescription group, VersionedGroup target) {
    return GlueTarget.open(session, group, target, catalog.sageMaker());
  }

  /** Whether the newest records go to the store as well. */
  static boolean servesRecords(OnlineStoreDefinition definition) {
    return !(OnlineStores.of(definition) instanceof SageMakerOnlineStore sageMaker)
        || sageMaker.servesRecords();
  }
}
