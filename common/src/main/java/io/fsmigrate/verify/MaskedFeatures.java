package io.fsmigrate.verify;

import io.fsmigrate.feature.VersionedGroup;
import java.util.Set;

/** Which features nobody may read in reports, in text and in the table of differing rows. */
public final class MaskedFeatures {
  /** What stands in the place of a value. */
  public static final String MASK = "***";

  private MaskedFeatures() {}

  /** The names of those of a target. */
  public static Set<String> of(VersionedGroup target) {
    return Set.copyOf(target.schema().sensitive());
  }
}
