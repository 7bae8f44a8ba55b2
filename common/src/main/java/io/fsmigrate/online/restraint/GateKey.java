package io.fsmigrate.online.restraint;

import java.io.Serializable;

/**
 * What shares one budget.
 *
 * @param run the id of the run
 * @param store the name of the online store
 * @param group the name of the feature group
 */
public record GateKey(String run, String store, String group) implements Serializable {
  @Override
  public String toString() {
    return "%s/%s/%s".formatted(run, store, group);
  }
}
