package io.fsmigrate.run;

import java.util.List;

/** Says whether what was found may be repaired, when it is known. */
public interface RepairApproval {
  /**
   * Asks.
   *
   * @param subject what is repaired
   * @param changes what would be done, with counts
   */
  boolean isGiven(String subject, List<String> changes);
}
