package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.ServiceException;
import java.util.List;

/** Which stores of a group a call is for. */
record TargetStores(boolean online, boolean offline) {
  /**
   * The stores that were named, or all of the group.
   *
   * @param names as sent; empty for all
   * @throws ServiceException ValidationError for an unknown store or one that the group lacks
   */
  static TargetStores of(FeatureGroup group, List<String> names) {
    if (names.isEmpty()) {
      return new TargetStores(group.online().isPresent(), group.offline().isPresent());
    }
    boolean online = false;
    boolean offline = false;
    for (String name : names) {
      switch (name) {
        case "OnlineStore" -> online = true;
        case "OfflineStore" -> offline = true;
        default ->
            throw ServiceException.validation(
                "Validation Error: TargetStores has %s, which is not OnlineStore or OfflineStore",
                name);
      }
    }
    if ((online && group.online().isEmpty()) || (offline && group.offline().isEmpty())) {
      throw ServiceException.validation(
          "Validation Error: FeatureGroup %s lacks a store of TargetStores %s",
          group.name(), names);
    }
    return new TargetStores(online, offline);
  }
}
