package io.fsmigrate.verify;

import java.util.List;
import java.util.Optional;

/**
 * A row that is not the same on both sides, as people see it.
 *
 * @param kind one of {@link RowVerdict}, in small letters
 * @param store the side that was looked at
 * @param features names of those that differ, of a row that both sides have
 * @param expected the row as JSON; empty for one that is extra
 * @param actual the row as JSON; empty for one that is missing
 */
public record DifferingRow(
    String kind,
    String store,
    String recordIdentifier,
    String eventTime,
    List<String> features,
    Optional<String> expected,
    Optional<String> actual) {}
