package io.fsmigrate.offline.transform;

/**
 * What became of the rows of one execution of a pipeline.
 *
 * @param entered rows that reached the pipeline, after the filter query
 * @param filtered rows that a migration's filter left out
 * @param failed rows that failed a check
 * @param accepted rows that satisfy the contract
 * @param unexplained rows that a step took away without being allowed to; negative where it made
 *     some
 */
public record RowCounts(
    long entered, long filtered, long failed, long accepted, long unexplained) {}
