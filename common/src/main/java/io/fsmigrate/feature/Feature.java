package io.fsmigrate.feature;

import java.io.Serializable;

/**
 * One feature definition.
 *
 * @param name the column's name; compared without case, written as given
 * @param type its type in the offline store
 * @param sensitive whether its values are hidden wherever people look; see {@link Masking}
 */
public record Feature(String name, FeatureType type, boolean sensitive) implements Serializable {
  /** One that may be shown. */
  public Feature(String name, FeatureType type) {
    this(name, type, false);
  }
}
