package io.fsmigrate.offline;

import java.util.Optional;

/**
 * What a source is at one moment: the same snapshot always delivers the same rows.
 *
 * @param format {@code delta} or {@code parquet}
 * @param location the table's or the files' root
 * @param version the Delta version; empty for bare files
 * @param digest sha-256 over the paths, lengths and modification times (bare files) or over table
 *     id and version (Delta)
 * @param files data files
 * @param bytes bytes in them
 * @param rows rows by the files' statistics; empty where a file has none
 * @param schema Spark SQL DDL
 */
public record SourceSnapshot(
    String format,
    String location,
    Optional<Long> version,
    String digest,
    long files,
    long bytes,
    Optional<Long> rows,
    String schema) {}
