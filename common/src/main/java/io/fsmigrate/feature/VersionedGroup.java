package io.fsmigrate.feature;

import java.io.Serializable;
import java.util.List;

/**
 * One feature version of a feature group: everything a row must be to belong to it.
 *
 * @param group the feature group's name
 * @param recordIdentifier the feature that names a record; never null in a row
 * @param eventTime the feature that orders the rows of a record; never null in a row
 * @param rules the declared rules of the contract
 * @param onlineStores names of the online stores that serve this version; may be empty
 */
public record VersionedGroup(
    String group,
    FeatureVersion version,
    FeatureSchema schema,
    String recordIdentifier,
    String eventTime,
    List<ContractRule> rules,
    List<String> onlineStores)
    implements Serializable {
  public VersionedGroup {
    rules = List.copyOf(rules);
    onlineStores = List.copyOf(onlineStores);
  }

  /** {@code group@version}, the way people write it. */
  public String address() {
    return group + "@" + version;
  }
}
