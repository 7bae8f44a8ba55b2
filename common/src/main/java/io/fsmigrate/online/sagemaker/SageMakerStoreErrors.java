package io.fsmigrate.online.sagemaker;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.List;

/** What can stand between records and a feature group, beside SageMaker itself. */
final class SageMakerStoreErrors {
  private SageMakerStoreErrors() {}

  static FsMigrateException groupDiffers(
      String store, String group, String target, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "STORE_SCHEMA_DIFFERS",
        "online store %s: feature group %s does not fit %s: %s.\n"
                .formatted(store, group, target, String.join("; ", differences))
            + "Create a group for this version (feature-group = \"{group}-{version}\"), or correct"
            + " the definition");
  }

  static FsMigrateException cannotList(String store, String group, String storageType) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "STORE_CANNOT_LIST",
        "online store %s: feature group %s has storage type %s, which does not tell the records it has, and it has no offline store that would; use a new group"
            .formatted(store, group, storageType));
  }

  static FsMigrateException unreadable(String address, ServiceFault fault) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STORE_NOT_READABLE",
        "%s: SageMaker does not read a record: %s".formatted(address, fault),
        fault);
  }

  static FsMigrateException notRemoved(String address, ServiceFault fault) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STORE_NOT_CLEARED",
        "%s: SageMaker does not remove a record: %s; stop other writers and try again"
            .formatted(address, fault),
        fault);
  }
}
