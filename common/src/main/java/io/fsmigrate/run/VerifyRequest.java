package io.fsmigrate.run;

import io.fsmigrate.verify.RowVerdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody asks to be verified: a run, or a source and a target.
 *
 * @param run a run of migrate or publish; empty where source and target are given
 * @param source address as given
 * @param target address as given
 * @param filterQuery the rows of the source that are expected; empty for all
 * @param via versions that the migration path must pass
 * @param onlineStores names of the online stores to compare; empty for those of the run, or of the
 *     target's definition
 * @param sample share of the record identifiers that are read from online stores, above 0 and up to
 *     1
 * @param tolerances by feature, as given
 * @param everyRow whether rows are compared in buckets that seem the same as well
 * @param maxDifferences rows that are kept of those that differ
 * @param repair which differences are to be repaired; may be none
 */
public record VerifyRequest(
    Optional<String> run,
    Optional<String> source,
    Optional<String> target,
    Optional<String> filterQuery,
    List<String> via,
    Optional<List<String>> onlineStores,
    double sample,
    Map<String, String> tolerances,
    boolean everyRow,
    int maxDifferences,
    List<RowVerdict> repair) {
  public VerifyRequest {
    via = List.copyOf(via);
    tolerances = Map.copyOf(tolerances);
    repair = List.copyOf(repair);
  }
}
