package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.ServiceException;

/** Finds feature groups for the runtime. */
@FunctionalInterface
public interface GroupLookup {
  /**
   * The group of a name or an Amazon Resource Name, which must be Created.
   *
   * @throws ServiceException ResourceNotFound or ValidationError
   */
  FeatureGroup usable(String nameOrArn);

  /** The name in a name or an Amazon Resource Name. */
  static String name(String nameOrArn) {
    int slash = nameOrArn.startsWith("arn:") ? nameOrArn.lastIndexOf('/') : -1;
    return slash < 0 ? nameOrArn : nameOrArn.substring(slash + 1);
  }
}
