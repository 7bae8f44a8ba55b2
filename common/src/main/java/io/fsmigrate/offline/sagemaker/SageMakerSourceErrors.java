package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.OfflineErrors;
import java.util.List;

/** What can stand between a run and a SageMaker offline store. */
final class SageMakerSourceErrors {
  private SageMakerSourceErrors() {}

  static FsMigrateException refused(String group, String why) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FEATURE_GROUP_NOT_READABLE",
        "feature group %s: %s".formatted(group, why));
  }

  static FsMigrateException unloadLocationNeeded(String group, String why) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "UNLOAD_LOCATION_NEEDED",
        "feature group %s: it is read by Athena's UNLOAD (%s), and sagemaker.athena.unload-location says nowhere to write to; set it to s3://BUCKET/PREFIX"
            .formatted(group, why));
  }

  static FsMigrateException typesDiffer(String group, String version, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FEATURE_TYPES_DIFFER",
        "feature group %s: its features are not those of %s: %s; name another version or correct the definition"
            .formatted(group, version, String.join("; ", differences)));
  }

  static FsMigrateException fileTypesDiffer(String group, List<String> differences) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "SOURCE_MIXED_SCHEMAS",
        "feature group %s: data files hold other types than its definition: %s; read it by UNLOAD (sagemaker.read = unload) or repair the files"
            .formatted(group, String.join("; ", differences)));
  }

  static FsMigrateException io(String location, Exception cause) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "STORE_UNAVAILABLE",
        "%s: %s; check the job's access to it and resume the run"
            .formatted(location, OfflineErrors.firstLine(cause)),
        cause);
  }

  static FsMigrateException pinnedFilesGone(String group, String file) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "SOURCE_CHANGED",
        "feature group %s: data file %s, which the run was planned with, is gone or another one; start a new run"
            .formatted(group, file));
  }

  static FsMigrateException iceberg(String group) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TARGET_IS_ICEBERG",
        "feature group %s: its offline store is an Iceberg table, and only Iceberg may add files to one; nothing was written; write to a group with the Glue format, or load this one with Athena's INSERT"
            .formatted(group));
  }

  static FsMigrateException noOfflineStore(String group) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "TARGET_HAS_NO_OFFLINE_STORE",
        "feature group %s: it has no offline store; write its records online, or enable one"
            .formatted(group));
  }

  static FsMigrateException sums(String group, long rows, long written, long unchanged) {
    return new FsMigrateException(
        ExitCode.DEFECT,
        "SUMS_DO_NOT_ADD_UP",
        "feature group %s: offline: rows = written + unchanged does not hold: %d against %d + %d; keep the files and report it"
            .formatted(group, rows, written, unchanged));
  }
}
