package io.fsmigrate.branch;

import java.time.Instant;
import java.util.Optional;

/** What is stored of a branch under its name. */
record Ref(
    BranchType type, Optional<String> head, long sequence, String incarnation, Instant createdAt) {
  Ref movedTo(String commit) {
    return new Ref(type, Optional.of(commit), sequence + 1, incarnation, createdAt);
  }

  Branch branch(String name) {
    return new Branch(name, type, head, sequence, incarnation, createdAt, false);
  }
}
