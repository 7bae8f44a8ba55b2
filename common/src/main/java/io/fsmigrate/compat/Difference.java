package io.fsmigrate.compat;

/**
 * One reason against a direct migration.
 *
 * @param feature the target's feature that it is about
 * @param message what differs, feature first
 * @param remedy what a registered migration would have to do
 */
public record Difference(DifferenceKind kind, String feature, String message, String remedy) {}
