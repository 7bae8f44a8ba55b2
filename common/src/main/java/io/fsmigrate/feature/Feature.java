package io.fsmigrate.feature;

import java.io.Serializable;

/**
 * One feature definition.
 *
 * @param name the column's name; compared without case, written as given
 * @param type its type in the offline store
 */
public record Feature(String name, FeatureType type) implements Serializable {}
