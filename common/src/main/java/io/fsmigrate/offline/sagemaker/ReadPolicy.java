package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.Optional;

/** Decides which stores of a feature group a run reads, and how; knows no service and no file. */
final class ReadPolicy {
  private final SageMakerSettings settings;

  ReadPolicy(SageMakerSettings settings) {
    this.settings = settings;
  }

  /** How the offline store's rows are had. */
  enum Strategy {
    /** Spark reads the data files. */
    DIRECT,
    /** Athena writes the rows as files, and Spark reads those. */
    UNLOAD,
    /** The offline store is not read. */
    NONE
  }

  /**
   * Whether this job can list and read the data files.
   *
   * @param problem why it cannot; empty when it can
   */
  record Access(Optional<String> problem) {}

  /**
   * @param reason for the plan
   */
  record Decision(SageMakerSettings.Shape shape, Strategy strategy, String reason) {
    /** For the plan. */
    String words() {
      String stores =
          switch (shape) {
            case HYBRID -> "offline store, and online records that are newer or not in it";
            case ONLINE -> "online records only";
            default -> "offline store";
          };
      String how =
          switch (strategy) {
            case DIRECT -> ", its data files read directly";
            case UNLOAD -> ", unloaded by Athena";
            case NONE -> "";
          };
      return "%s%s (%s)".formatted(stores, how, reason);
    }
  }

  /**
   * Decides the shape.
   *
   * @throws io.fsmigrate.error.FsMigrateException FEATURE_GROUP_NOT_READABLE
   */
  SageMakerSettings.Shape shape(FeatureGroupDescription group) {
    boolean online = group.online().isPresent();
    boolean offline = group.offline().isPresent();
    SageMakerSettings.Shape wanted = settings.shape();
    if (wanted == SageMakerSettings.Shape.AUTO) {
      wanted = offline ? SageMakerSettings.Shape.OFFLINE : SageMakerSettings.Shape.ONLINE;
    }
    if (wanted != SageMakerSettings.Shape.ONLINE && !offline) {
      throw SageMakerSourceErrors.refused(
          group.name(),
          "it has no offline store; read its online records (sagemaker.shape = online)");
    }
    if (wanted != SageMakerSettings.Shape.OFFLINE && !online) {
      throw SageMakerSourceErrors.refused(
          group.name(),
          "it has no online store; read the offline store (sagemaker.shape = offline)");
    }
    if (wanted == SageMakerSettings.Shape.ONLINE && !group.online().orElseThrow().listsRecords()) {
      throw SageMakerSourceErrors.refused(
          group.name(),
          "its online store (%s) does not list its records, so they cannot be read without the offline store's identifiers; set sagemaker.shape = %s"
              .formatted(
                  group.online().orElseThrow().storageType(), offline ? "hybrid" : "offline"));
    }
    return wanted;
  }

  /** Whether the answer to {@link Access} matters. */
  boolean looksAtFiles(FeatureGroupDescription group, SageMakerSettings.Shape shape) {
    return shape != SageMakerSettings.Shape.ONLINE
        && !group.offline().orElseThrow().isIceberg()
        && settings.read() != SageMakerSettings.Read.UNLOAD;
  }

  /**
   * Decides everything.
   *
   * @param access asked for where {@link #looksAtFiles}; ignored otherwise
   * @throws io.fsmigrate.error.FsMigrateException FEATURE_GROUP_NOT_READABLE,
   *     UNLOAD_LOCATION_NEEDED
   */
  Decision decide(FeatureGroupDescription group, SageMakerSettings.Shape shape, Access access) {
    if (shape == SageMakerSettings.Shape.ONLINE) {
      String reason =
          group.offline().isPresent()
              ? "sagemaker.shape asks for the online records"
              : "the group has no offline store (%s)"
                  .formatted(group.online().orElseThrow().storageType());
      return new Decision(shape, Strategy.NONE, reason);
    }
    if (group.offline().orElseThrow().isIceberg()) {
      if (settings.read() == SageMakerSettings.Read.DIRECT) {
        throw SageMakerSourceErrors.refused(
            group.name(),
            "its offline store is an Iceberg table, whose files alone do not tell its rows; set sagemaker.read = unload or auto");
      }
      return unload(group, shape, "the offline store is an Iceberg table");
    }
    return switch (settings.read()) {
      case UNLOAD -> unload(group, shape, "sagemaker.read asks for it");
      case DIRECT -> {
        access
            .problem()
            .ifPresent(
                problem -> {
                  throw SageMakerSourceErrors.refused(
                      group.name(),
                      "sagemaker.read asks for the data files, and they cannot be read (%s); allow the job to, or set sagemaker.read = unload"
                          .formatted(problem));
                });
        yield new Decision(shape, Strategy.DIRECT, "sagemaker.read asks for it");
      }
      case AUTO ->
          access.problem().isEmpty()
              ? new Decision(
                  shape, Strategy.DIRECT, "the data files can be read by this job, Glue format")
              : unload(
                  group,
                  shape,
                  "the data files cannot be read by this job: " + access.problem().get());
    };
  }

  private Decision unload(
      FeatureGroupDescription group, SageMakerSettings.Shape shape, String reason) {
    if (settings.athena().unloadLocation().isEmpty()) {
      throw SageMakerSourceErrors.unloadLocationNeeded(group.name(), reason);
    }
    return new Decision(shape, Strategy.UNLOAD, reason);
  }
}
