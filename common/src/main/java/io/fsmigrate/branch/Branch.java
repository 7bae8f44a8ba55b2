package io.fsmigrate.branch;

import java.time.Instant;
import java.util.Optional;

/**
 * A named pointer to a commit.
 *
 * @param head the commit it shows; empty while nothing was committed to it
 * @param sequence how often it moved
 * @param incarnation a UUID that a branch of the same name made later does not share; all zeros
 *     while the branch is virtual
 * @param createdAt when it was made; the epoch while the branch is virtual
 * @param virtual whether nothing is stored of it yet: the default branch before its first write
 */
public record Branch(
    String name,
    BranchType type,
    Optional<String> head,
    long sequence,
    String incarnation,
    Instant createdAt,
    boolean virtual) {}
