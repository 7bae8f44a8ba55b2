package io.fsmigrate.verify;

/**
 * What the rows that are not the same say about one feature.
 *
 * @param differing pairs of rows in which it differs
 * @param error the sum of the pairs' symmetric errors, each from 0 to 2; 0 where it is no number
 * @param missingPresent values that are not null in rows that are missing
 * @param lost pairs in which a value became null
 */
public record FeatureDifferences(
    String feature, long differing, double error, long missingPresent, long lost) {
  /** Of a feature that is the same everywhere. */
  static FeatureDifferences none(String feature) {
    return new FeatureDifferences(feature, 0, 0, 0, 0);
  }
}
