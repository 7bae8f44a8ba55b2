package io.fsmigrate.verify;

import java.util.List;
import java.util.Optional;

/**
 * What one side has.
 *
 * @param newest the newest event time as text; empty where there are no rows
 * @param features in the order of the schema
 */
public record SideStatistics(
    long rows, Optional<String> newest, List<FeatureStatistics> features) {}
