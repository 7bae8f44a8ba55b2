package io.fsmigrate.catalog;

/**
 * How two sides are compared; the keys and defaults are those of section {@code verify} in
 * reference.conf.
 *
 * @param buckets of record identifiers, each of which has one hash; 65,536 or more
 * @param maxDifferences rows that are kept of those that differ
 */
public record VerifySettings(int buckets, int maxDifferences) {}
