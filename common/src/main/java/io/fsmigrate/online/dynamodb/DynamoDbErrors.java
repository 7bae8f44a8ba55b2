package io.fsmigrate.online.dynamodb;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.sagemaker.SageMakerErrors;
import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.List;

/** What can stand between records and a table of DynamoDB. */
final class DynamoDbErrors {
  private DynamoDbErrors() {}

  /** A call that was not carried out, with the fault as cause. */
  static FsMigrateException of(
      DynamoDbSettings settings, String what, String table, ServiceFault fault) {
    return fault.kind() == ServiceFault.Kind.NOT_FOUND
        ? noTable(settings, table)
        : SageMakerErrors.of(
            "%s table %s of DynamoDB".formatted(what, table),
            settings.access(),
            fault.code(),
            String.valueOf(fault.getMessage()),
            fault);
  }

  static FsMigrateException noTable(DynamoDbSettings settings, String table) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "DYNAMODB_TABLE_NOT_FOUND",
        "online store %s: DynamoDB has no table %s (%s).\n"
                .formatted(settings.store(), table, settings.access())
            + "Create it, correct the name or region, or set create-table = true");
  }

  static FsMigrateException notReady(String store, String table, String status) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "DYNAMODB_TABLE_NOT_READY",
        "online store %s: table %s has status %s, not ACTIVE; wait until it is, or choose another"
            .formatted(store, table, status));
  }

  static FsMigrateException notMade(String store, String table, Duration patience) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "DYNAMODB_TABLE_NOT_READY",
        "online store %s: table %s was asked for and is not ACTIVE after %d s; resume the run later"
            .formatted(store, table, patience.toSeconds()));
  }

  static FsMigrateException differs(
      String store, String table, String target, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "STORE_SCHEMA_DIFFERS",
        "online store %s: table %s is there and does not fit %s: %s.\n"
                .formatted(store, table, target, String.join("; ", differences))
            + "Set another table for it, or correct this one");
  }

  static FsMigrateException noPointInTime(String store, String target, String feature) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "INVALID_STORE_SETTING",
        "online store %s: ttl counts from the event time, and %s of %s is no date or timestamp; leave ttl out"
            .formatted(store, feature, target));
  }

  static FsMigrateException unreadable(String target, String table, String key, String why) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STORE_NOT_READABLE",
        "%s: the item with key %s of table %s is none that this version writes: %s; remove it, or set another table"
            .formatted(target, key, table, why));
  }

  static FsMigrateException refused(String target, String table, ServiceFault fault) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STORE_NOT_READABLE",
        "%s: table %s refuses a call: %s".formatted(target, table, fault),
        fault);
  }
}
