package io.fsmigrate.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What comparing a run's result with its source has found.
 *
 * @param run the id of the run that compared
 * @param at when it ended
 * @param same whether nothing differs
 * @param stores what was found in each
 */
public record Verification(String run, Instant at, boolean same, List<Compared> stores) {
  public Verification {
    stores = List.copyOf(stores);
  }

  /**
   * One store.
   *
   * @param store {@code offline}, or the online store's name
   * @param compared records that were looked at
   * @param missing records that it lacks
   * @param extra records that it has and should not have
   * @param different records of which a feature differs
   * @param rows where those are; empty when there are none
   */
  public record Compared(
      String store,
      long compared,
      long missing,
      long extra,
      long different,
      Optional<String> rows) {}
}
