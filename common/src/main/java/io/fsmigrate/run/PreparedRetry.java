package io.fsmigrate.run;

import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.transform.RowFates;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A plan with everything resolved that it takes to run it.
 *
 * @param taken the failed records that are tried, with the columns of failed records
 * @param fates what becomes of rows that failed offline; empty where none is tried
 * @param stores the online stores, as in the plan
 * @param masking of what is sensitive in the records
 */
public record PreparedRetry(
    RetryPlan plan,
    VersionedGroup target,
    Optional<Dataset<Row>> taken,
    Optional<RowFates> fates,
    List<OnlineStoreDefinition> stores,
    Masking masking) {}
