package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.OfflineErrors;
import io.fsmigrate.offline.ParquetFooter;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The data files of an offline store, as far as this job can see them.
 *
 * @param footers of the files; none where they cannot be read
 */
record DataFiles(ReadPolicy.Access access, List<ParquetFooter> footers) {
  static final DataFiles NONE = new DataFiles(new ReadPolicy.Access(Optional.empty()), List.of());

  private static final String PINNED = "files.json";

  /** A message says enough with this many. */
  private static final int MOST_TOLD = 20;

  /** The files that a run reads directly. */
  record Pinned(List<PinnedFile> files) {
    Pinned {
      files = List.copyOf(files);
    }
  }

  /**
   * Lists the files and reads their footers.
   *
   * @param run beside which an earlier look may have pinned them
   * @throws FsMigrateException SOURCE_CHANGED, SOURCE_UNREADABLE
   */
  static DataFiles look(
      SparkSession session,
      FeatureGroupDescription group,
      SageMakerSettings settings,
      Optional<RunFiles> run) {
    try {
      return new DataFiles(NONE.access(), footers(session, group, settings, run));
    } catch (FsMigrateException e) {
      if (!denied(e)) {
        throw e;
      }
      return problem(e);
    } catch (IOException | RuntimeException e) {
      // File systems tell of missing classes, buckets and permissions in many ways.
      return problem(e);
    }
  }

  private static DataFiles problem(Exception failure) {
    return new DataFiles(
        new ReadPolicy.Access(Optional.of(OfflineErrors.firstLine(failure))), List.of());
  }

  private static List<ParquetFooter> footers(
      SparkSession session,
      FeatureGroupDescription group,
      SageMakerSettings settings,
      Optional<RunFiles> run)
      throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    String location = settings.path(group.offline().orElseThrow().location());
    List<PinnedFile> there = ParquetSource.list(location, hadoop);
    Optional<Pinned> pinned = run.flatMap(files -> files.read(PINNED, Pinned.class));
    if (pinned.isPresent()) {
      for (PinnedFile file : pinned.get().files()) {
        if (!there.contains(file)) {
          throw SageMakerSourceErrors.pinnedFilesGone(group.name(), file.path());
        }
      }
      there = pinned.get().files();
    }
    return ParquetFooter.readAll(there, hadoop);
  }

  private static boolean denied(FsMigrateException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.nio.file.AccessDeniedException) {
        return true;
      }
    }
    return false;
  }

  /** Keeps the files for later looks, unless an earlier one did. */
  static void pin(List<ParquetFooter> footers, RunFiles files) {
    if (files.read(PINNED, Pinned.class).isEmpty()) {
      files.write(PINNED, new Pinned(footers.stream().map(ParquetFooter::file).toList()));
    }
  }

  /**
   * @throws FsMigrateException SOURCE_MIXED_SCHEMAS with the columns of other types
   */
  void requireTypes(FeatureGroupDescription group) {
    TreeSet<String> differences = new TreeSet<>();
    StructType wanted = GroupColumns.all(group);
    for (ParquetFooter footer : footers) {
      for (String difference : GroupColumns.differences(footer.schema(), wanted)) {
        if (differences.size() < MOST_TOLD) {
          differences.add(footer.file().path() + ": " + difference);
        }
      }
    }
    if (!differences.isEmpty()) {
      throw SageMakerSourceErrors.fileTypesDiffer(group.name(), List.copyOf(differences));
    }
  }
}
