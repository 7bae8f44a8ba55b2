package io.fsmigrate.verify;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the comparison of two sides of full history.
 *
 * @param expectedRows rows that should be there
 * @param actualRows rows that are there
 * @param buckets into which record identifiers were put
 * @param differingBuckets whose rows were compared one by one
 * @param tolerated pairs that were looked at and are apart by no more than tolerated
 * @param expectedNewest newest event time of the side; empty without rows
 * @param features the summary, in the order of the schema
 */
public record OfflineVerdict(
    long expectedRows,
    long actualRows,
    int buckets,
    int differingBuckets,
    long missing,
    long extra,
    long different,
    long tolerated,
    Optional<String> expectedNewest,
    Optional<String> actualNewest,
    List<FeatureSummary> features) {
  static OfflineVerdict of(
      ComparedSchema schema,
      SideStatistics expected,
      SideStatistics actual,
      int buckets,
      int differingBuckets,
      DiffCounts counts) {
    Set<String> masked = MaskedFeatures.of(schema.target());
    long pairs = expected.rows() - counts.missing();
    return new OfflineVerdict(
        expected.rows(),
        actual.rows(),
        buckets,
        differingBuckets,
        counts.missing(),
        counts.extra(),
        counts.different(),
        counts.tolerated(),
        expected.newest(),
        actual.newest(),
        schema.features().stream()
            .map(
                feature ->
                    FeatureSummary.of(
                        feature,
                        expected,
                        actual,
                        counts.features().get(feature.position()),
                        pairs))
            .map(summary -> masked.contains(summary.feature()) ? summary.withoutValues() : summary)
            .toList());
  }

  /** Rows that are not the same. */
  public long differences() {
    return missing + extra + different;
  }
}
