package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.List;

/**
 * A plan with everything resolved that it takes to run it.
 *
 * @param stores the online stores, as in the plan
 */
public record PreparedPublication(
    PublishPlan plan, VersionedGroup target, List<OnlineStoreDefinition> stores) {}
