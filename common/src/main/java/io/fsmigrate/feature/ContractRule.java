package io.fsmigrate.feature;

import java.io.Serializable;
import java.util.Optional;

/**
 * A declared rule that a row must satisfy to enter the target.
 *
 * @param name stable, shown as the reason of a failed record
 * @param expression a Spark SQL boolean expression over the target's features; a row fails when it
 *     is false or raises an error, and passes when it is true or null (as a SQL CHECK constraint
 *     does)
 * @param feature the feature to blame, where there is one
 */
public record ContractRule(String name, String expression, Optional<String> feature)
    implements Serializable {}
