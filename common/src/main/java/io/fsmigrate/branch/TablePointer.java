package io.fsmigrate.branch;

import io.fsmigrate.feature.FeatureVersion;

/**
 * What a branch shows for a feature group.
 *
 * @param path the Delta table
 * @param version the version of that table
 * @param featureVersion the version of the feature group's schema that its rows have
 */
public record TablePointer(String path, long version, FeatureVersion featureVersion) {}
