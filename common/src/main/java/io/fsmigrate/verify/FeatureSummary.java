package io.fsmigrate.verify;

import java.util.Optional;

/**
 * One feature on both sides.
 *
 * @param matchRate 1 - pairs of rows in which it differs / pairs of rows; empty without pairs
 * @param expectedNullRate share of null on the expected side; empty without rows
 * @param expectedCoverage share of values that are not null, 1 - the null rate
 * @param smape symmetric mean absolute percentage error: the mean of 2|a-e| / (|a|+|e|) over pairs
 *     of rows in which both are numbers, 0 where both are 0, so from 0 to 2. The form is that of
 *     Armstrong's adjusted MAPE (Long-Range Forecasting, 1985) with magnitudes in the denominator.
 *     Equal pairs add 0, and only the others are looked at
 */
public record FeatureSummary(
    String feature,
    String type,
    Optional<String> tolerance,
    long differing,
    Optional<Double> matchRate,
    Optional<Double> expectedNullRate,
    Optional<Double> actualNullRate,
    Optional<Double> nullRateChange,
    Optional<Double> expectedCoverage,
    Optional<Double> actualCoverage,
    Optional<String> expectedMinimum,
    Optional<String> actualMinimum,
    Optional<String> expectedMaximum,
    Optional<String> actualMaximum,
    Optional<Double> expectedMean,
    Optional<Double> actualMean,
    Optional<Double> smape) {

  /**
   * What both sides and the rows that differ say about a feature.
   *
   * @param pairs rows of the expected side that are not missing
   */
  static FeatureSummary of(
      ComparedFeature feature,
      SideStatistics expected,
      SideStatistics actual,
      FeatureDifferences differences,
      long pairs) {
    FeatureStatistics left = expected.features().get(feature.position());
    FeatureStatistics right = actual.features().get(feature.position());
    Optional<Double> covered = share(left.present(), expected.rows());
    Optional<Double> coveredNow = share(right.present(), actual.rows());
    Optional<Double> nulls = share(expected.rows() - left.present(), expected.rows());
    Optional<Double> nullsNow = share(actual.rows() - right.present(), actual.rows());
    long both = left.present() - differences.missingPresent() - differences.lost();
    return new FeatureSummary(
        feature.name(),
        feature.type().simpleString(),
        feature.tolerance().map(Tolerance::text),
        differences.differing(),
        share(differences.differing(), pairs).map(s -> 1 - s),
        nulls,
        nullsNow,
        nulls.flatMap(was -> nullsNow.map(now -> now - was)),
        covered,
        coveredNow,
        left.minimum(),
        right.minimum(),
        left.maximum(),
        right.maximum(),
        left.mean(),
        right.mean(),
        feature.isNumeric() && both > 0
            ? Optional.of(differences.error() / both)
            : Optional.empty());
  }

  /** The same without anything that shows values. */
  FeatureSummary withoutValues() {
    return new FeatureSummary(
        feature,
        type,
        tolerance,
        differing,
        matchRate,
        expectedNullRate,
        actualNullRate,
        nullRateChange,
        expectedCoverage,
        actualCoverage,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        smape);
  }

  private static Optional<Double> share(long part, long whole) {
    return whole == 0 ? Optional.empty() : Optional.of((double) part / whole);
  }
}
