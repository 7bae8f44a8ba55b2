package io.fsmigrate.verify;

import java.util.List;

/**
 * How many rows are not the same.
 *
 * @param missing expected and not there
 * @param extra there and not expected
 * @param different there with other values
 * @param tolerated pairs that were looked at and are apart by no more than tolerated
 * @param features in the order of the schema
 */
record DiffCounts(
    long missing, long extra, long different, long tolerated, List<FeatureDifferences> features) {
  long total() {
    return missing + extra + different;
  }
}
