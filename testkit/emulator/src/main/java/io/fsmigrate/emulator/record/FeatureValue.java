package io.fsmigrate.emulator.record;

import java.util.List;

/**
 * A feature of a record as it was sent; exactly one of the two values is given.
 *
 * @param text ValueAsString, or null
 * @param texts ValueAsStringList, or null
 */
public record FeatureValue(String name, String text, List<String> texts) {}
