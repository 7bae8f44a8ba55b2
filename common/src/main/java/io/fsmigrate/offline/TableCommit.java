package io.fsmigrate.offline;

import java.util.Optional;

/**
 * One commit of a Delta table, as its log tells it.
 *
 * @param userMetadata what the writer said about the commit
 * @param rows rows that the commit added, by Delta's own count
 * @param files data files that it added
 * @param bytes bytes in them
 */
public record TableCommit(
    long version, Optional<String> userMetadata, long rows, long files, long bytes) {}
