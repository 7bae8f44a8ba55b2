package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A plan with everything resolved that it takes to run it.
 *
 * @param session the session the sources and the pipeline belong to
 * @param stores the online stores, as in the plan
 */
public record PreparedRun(
    Plan plan,
    SparkSession session,
    OfflineSource source,
    RowPipeline pipeline,
    List<InputUnit> units,
    VersionedGroup target,
    List<OnlineStoreDefinition> stores) {}
