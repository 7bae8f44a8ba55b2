package io.fsmigrate.verify;

import java.util.Optional;

/**
 * What one side has of a feature.
 *
 * @param present values that are not null
 * @param minimum the least value as text; empty for text and nested types, and where there is none
 * @param maximum the greatest
 * @param sum of numbers; empty for others, and where there is none
 */
public record FeatureStatistics(
    String feature,
    long present,
    Optional<String> minimum,
    Optional<String> maximum,
    Optional<Double> sum) {
  /** The mean of the values; empty where there is none. */
  Optional<Double> mean() {
    return sum.filter(any -> present > 0).map(total -> total / present);
  }
}
