package io.fsmigrate.online;

/**
 * A record that a store did not take.
 *
 * @param index its place in the batch, from 0
 * @param code a stable machine-readable name in UPPER_SNAKE_CASE
 * @param reason what is wrong with it, with the feature's name where it is known
 * @param retryable whether writing the same record again can help
 */
public record FailedWrite(int index, String code, String reason, boolean retryable) {}
