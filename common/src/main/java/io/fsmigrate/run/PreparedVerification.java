package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.verify.ComparedSchema;
import java.util.List;
import java.util.Optional;

/**
 * A plan with everything resolved that it takes to compare.
 *
 * @param migration gives the expected rows; empty where only online stores are compared
 * @param stores the online stores, as in the plan
 */
public record PreparedVerification(
    VerifyPlan plan,
    Optional<PreparedRun> migration,
    VersionedGroup target,
    ComparedSchema schema,
    List<OnlineStoreDefinition> stores) {}
