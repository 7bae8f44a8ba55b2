package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.sagemaker.SageMakerOnlineStore;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Removes what an online store has of a target. Where the store does not tell its records, the
 * identifiers come from the history that belongs to it; records that are not in that stay.
 */
final class StoreClearing {
  private final SageMakerSources sources;
  private final Warehouse warehouse;

  StoreClearing(Catalog catalog, SparkSession session, Warehouse warehouse) {
    this.sources = new SageMakerSources(catalog, session);
    this.warehouse = warehouse;
  }

  /**
   * What would go. Counts a history only where its files can be read as they are.
   *
   * @throws io.fsmigrate.error.FsMigrateException STORE_CANNOT_LIST
   */
  Plan.Clearing plan(OnlineStore store, VersionedGroup target) {
    Optional<FeatureGroupDescription> history = history(store, target);
    if (history.isEmpty()) {
      OptionalLong records = store.count(target);
      return new Plan.Clearing(
          records.isPresent() ? Optional.of(records.getAsLong()) : Optional.empty(), false);
    }
    OfflineSource rows = sources.history(history.get());
    return new Plan.Clearing(
        rows.snapshot().rows().map(any -> identifiers(rows, history.get()).count()), true);
  }

  /**
   * Removes it.
   *
   * @param name the store's
   * @return how many records there were
   */
  long clear(String name, OnlineStore store, VersionedGroup target, String run) {
    Optional<FeatureGroupDescription> history = history(store, target);
    if (history.isEmpty()) {
      return store.clear(target);
    }
    // A name of its own: what Athena unloads is found, and removed, by the last part of it.
    OfflineSource rows =
        sources
            .history(history.get())
            .stage(warehouse.file(run, "clear/%s-clear-%s".formatted(run, name)));
    try {
      Iterator<Row> ids = identifiers(rows, history.get()).toLocalIterator();
      return ((SageMakerOnlineStore) store).clear(target, texts(ids));
    } finally {
      rows.release();
    }
  }

  private static Optional<FeatureGroupDescription> history(
      OnlineStore store, VersionedGroup target) {
    return store instanceof SageMakerOnlineStore sageMaker
        ? sageMaker.recordsByHistory(target)
        : Optional.empty();
  }

  /** Each once. */
  private static Dataset<Row> identifiers(OfflineSource rows, FeatureGroupDescription group) {
    return rows.read(UnitPacking.single(rows.slices()).get(0))
        .select(col("`" + group.recordIdentifier().replace("`", "``") + "`"))
        .na()
        .drop()
        .distinct();
  }

  private static Iterator<String> texts(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        return String.valueOf(rows.next().get(0));
      }
    };
  }
}
