package io.fsmigrate.emulator.record;

/**
 * One feature of a group.
 *
 * @param dimension number of values of a vector, otherwise 0
 */
public record FeatureDefinition(
    String name, FeatureType type, CollectionType collection, int dimension) {}
