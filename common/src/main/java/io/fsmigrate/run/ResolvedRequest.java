package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.transform.RowPipeline;
import java.util.List;
import java.util.Optional;

/**
 * A request of which every name has been found.
 *
 * @param sourceVersion {@link FeatureVersion#RAW} for a bare source
 * @param branch the target's branch
 * @param branchExists whether it is there
 * @param current what it shows of the target's group
 * @param places the online stores, and where each is written
 * @param masking of what is sensitive in rows on either side
 * @param path empty for a direct migration
 */
record ResolvedRequest(
    MigrateRequest request,
    OfflineSource source,
    FeatureVersion sourceVersion,
    String branch,
    boolean branchExists,
    Optional<TablePointer> current,
    VersionedGroup target,
    MigrationPath path,
    RowPipeline pipeline,
    List<InputUnit> units,
    Places places,
    Masking masking) {}
