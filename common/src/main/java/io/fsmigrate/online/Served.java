package io.fsmigrate.online;

import io.fsmigrate.feature.FeatureVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a store serves of a feature group.
 *
 * @param version whose features the records have
 * @param keyVersion the version that the place is named after; another one where records were
 *     written in place
 * @param place where readers find the records: the table's name, or what keys begin with
 * @param at when the store was told to serve it, kept in microseconds
 * @param by who told it: a run, or a person
 */
public record Served(
    String group,
    FeatureVersion version,
    FeatureVersion keyVersion,
    String place,
    Instant at,
    String by) {
  public Served {
    at = at.truncatedTo(ChronoUnit.MICROS);
  }

  /** {@code group@version}. */
  public String address() {
    return group + "@" + version;
  }

  /** Whether both are the same records of the same version, whoever told the store, and when. */
  public boolean isSameAs(Served other) {
    return group.equals(other.group)
        && version.equals(other.version)
        && keyVersion.equals(other.keyVersion)
        && place.equals(other.place);
  }
}
