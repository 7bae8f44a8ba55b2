package io.fsmigrate.run;

import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A plan with everything resolved that it takes to run it.
 *
 * @param session the session the sources and the pipeline belong to
 * @param stores the online stores, as in the plan
 * @param masking of what is sensitive in rows on either side
 */
public record PreparedRun(
    Plan plan,
    SparkSession session,
    OfflineSource source,
    RowPipeline pipeline,
    List<InputUnit> units,
    VersionedGroup target,
    List<OnlineStoreDefinition> stores,
    Masking masking) {
  /**
   * The same with the rows of the source brought together.
   *
   * @param runDirectory of the run, which keeps them there
   */
  PreparedRun staged(String runDirectory, RunSettings settings) {
    OfflineSource ready = source.stage(runDirectory);
    return new PreparedRun(
        plan,
        session,
        ready,
        pipeline,
        UnitCut.of(ready, pipeline, settings),
        target,
        stores,
        masking);
  }

  /** Rows of the source by its statistics; empty where a file has none. */
  Optional<Long> rows() {
    return source.snapshot().rows();
  }
}
