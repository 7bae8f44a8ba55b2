package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.Digest;
import io.fsmigrate.offline.OfflineErrors;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetFooter;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A feature group as the source of a run, in two steps. {@link #describe} tells for the plan what
 * will be read, and how; it writes nothing, starts no query and scans no row. {@link #stage} makes
 * the rows ready when the run begins, and again when it is resumed, where it keeps what is there.
 */
public final class SageMakerSource {
  /** Where a run keeps what belongs to its source, below its own directory. */
  private static final String DIRECTORY = "source";

  private static final String PINNED = "files.json";

  /** The counter of bytes that Athena charges for. */
  public static final String SCANNED = "athena-bytes-scanned";

  private final SparkSession session;
  private final FeatureGroupDescription group;
  private final SageMakerSettings settings;
  private final Services services;
  private final ReadPolicy.Decision decision;
  private final List<ParquetFooter> footers;
  private final StructType schema;
  private final List<Decoding> decodings;
  private final Optional<String> pushed;

  /**
   * What staging needs beside Spark.
   *
   * @param athena opened when the first statement is to be run; the caller closes it
   * @param online the group's online store; empty where the program cannot read it
   * @param progress told of each look at a query
   */
  public record Services(
      Supplier<AthenaQueries> athena,
      Optional<OnlineRecords> online,
      Consumer<AthenaQueries.Progress> progress) {}

  /**
   * What is to be read.
   *
   * @param version the catalog's version of the group, whose types the values are decoded to; empty
   *     for SageMaker's types
   * @param filterQuery the run's, of which Athena gets what it can apply
   * @param pinnedBy directory of the run that is planned again, whose files are taken
   */
  public record Request(
      FeatureGroupDescription group,
      Optional<VersionedGroup> version,
      Optional<String> filterQuery,
      Optional<String> pinnedBy) {}

  /** The files that a run reads directly. */
  record Pinned(List<PinnedFile> files) {
    Pinned {
      files = List.copyOf(files);
    }
  }

  private SageMakerSource(
      SparkSession session,
      Request request,
      SageMakerSettings settings,
      Services services,
      ReadPolicy.Decision decision,
      List<ParquetFooter> footers) {
    this.session = session;
    this.group = request.group();
    this.settings = settings;
    this.services = services;
    this.decision = decision;
    this.footers = footers;
    this.schema = schema(request);
    this.decodings = request.version().map(v -> Decoders.of(group, v)).orElse(List.of());
    // Which rows are the newest, and which online records are newer, only all rows tell.
    this.pushed =
        decision.strategy() == ReadPolicy.Strategy.UNLOAD
                && decision.shape() == SageMakerSettings.Shape.OFFLINE
            ? request.filterQuery().flatMap(query -> Pushdown.of(session, query, schema, decodings))
            : Optional.empty();
  }

  /**
   * Looks at what is there.
   *
   * @throws FsMigrateException FEATURE_TYPES_DIFFER, FEATURE_GROUP_NOT_READABLE,
   *     UNLOAD_LOCATION_NEEDED, SOURCE_MIXED_SCHEMAS, SOURCE_CHANGED
   */
  public static SageMakerSource describe(
      SparkSession session, Request request, SageMakerSettings settings, Services services) {
    FeatureGroupDescription group = request.group();
    request
        .version()
        .ifPresent(
            version -> {
              List<String> differences = GroupColumns.differences(group, version);
              if (!differences.isEmpty()) {
                throw StoreErrors.typesDiffer(group.name(), version.address(), differences);
              }
            });
    ReadPolicy policy = new ReadPolicy(settings);
    SageMakerSettings.Shape shape = policy.shape(group);
    if (shape != SageMakerSettings.Shape.OFFLINE && services.online().isEmpty()) {
      throw StoreErrors.refused(
          group.name(), "its online records cannot be read here; set sagemaker.shape = offline");
    }
    ReadPolicy.Access access = new ReadPolicy.Access(Optional.empty());
    List<ParquetFooter> footers = List.of();
    if (policy.looksAtFiles(group, shape)) {
      try {
        footers = footers(session, request, settings);
      } catch (FsMigrateException e) {
        if (!denied(e)) {
          throw e;
        }
        access = new ReadPolicy.Access(Optional.of(OfflineErrors.firstLine(e)));
      } catch (IOException | RuntimeException e) {
        // File systems tell of missing classes, buckets and permissions in many ways.
        access = new ReadPolicy.Access(Optional.of(OfflineErrors.firstLine(e)));
      }
    }
    ReadPolicy.Decision decision = policy.decide(group, shape, access);
    if (decision.strategy() == ReadPolicy.Strategy.DIRECT) {
      requireTypes(group, footers);
    }
    return new SageMakerSource(session, request, settings, services, decision, footers);
  }

  private static List<ParquetFooter> footers(
      SparkSession session, Request request, SageMakerSettings settings) throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    String location = settings.path(request.group().offline().orElseThrow().location());
    List<PinnedFile> there = ParquetSource.list(location, hadoop);
    Optional<Pinned> pinned =
        request
            .pinnedBy()
            .flatMap(run -> runFiles(new Path(run), hadoop).read(PINNED, Pinned.class));
    if (pinned.isPresent()) {
      for (PinnedFile file : pinned.get().files()) {
        if (!there.contains(file)) {
          throw StoreErrors.pinnedFilesGone(request.group().name(), file.path());
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

  private static void requireTypes(FeatureGroupDescription group, List<ParquetFooter> footers) {
    TreeSet<String> differences = new TreeSet<>();
    StructType wanted = GroupColumns.all(group);
    for (ParquetFooter footer : footers) {
      for (String difference : GroupColumns.differences(footer.schema(), wanted)) {
        if (differences.size() < 20) {
          differences.add(footer.file().path() + ": " + difference);
        }
      }
    }
    if (!differences.isEmpty()) {
      throw StoreErrors.fileTypesDiffer(group.name(), List.copyOf(differences));
    }
  }

  private static StructType schema(Request request) {
    StructType all = GroupColumns.features(request.group());
    if (request.version().isEmpty()) {
      return all;
    }
    StructType schema = new StructType();
    for (Feature feature : request.version().get().schema().features()) {
      Definition definition = request.group().find(feature.name()).orElseThrow();
      schema = schema.add(all.apply(definition.name()));
    }
    return schema;
  }

  /** Which stores are read, and how, in words for a plan. */
  public String strategy() {
    String shape =
        switch (decision.shape()) {
          case HYBRID -> "offline store, and online records that are newer or not in it";
          case ONLINE -> "online records only";
          default -> "offline store";
        };
    String how =
        switch (decision.strategy()) {
          case DIRECT -> ", its data files read directly";
          case UNLOAD -> ", unloaded by Athena";
          case NONE -> "";
        };
    return "%s%s (%s)".formatted(shape, how, decision.reason());
  }

  /** What Athena applies of the filter query, in its SQL; all of it is applied again. */
  public Optional<String> pushedDown() {
    return pushed;
  }

  /** What the plan must say besides. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (decision.strategy() == ReadPolicy.Strategy.UNLOAD) {
      warnings.add(
          "rows and bytes are unknown until Athena has unloaded them; it charges for what it scans");
    }
    if (decision.shape() != SageMakerSettings.Shape.OFFLINE) {
      warnings.add("online records are unknown until they are read");
    }
    if (decision.shape() == SageMakerSettings.Shape.HYBRID
        && !services.online().orElseThrow().listsIdentifiers()) {
      warnings.add(
          "the online store (%s) does not list its records: those whose identifier is not in the offline store are not seen"
              .formatted(group.online().orElseThrow().storageType()));
    }
    List<String> unread =
        group.features().stream()
            .map(Definition::name)
            .filter(name -> schema.getFieldIndex(name).isEmpty())
            .toList();
    if (!unread.isEmpty()) {
      warnings.add("features that the version does not have: " + String.join(", ", unread));
    }
    return warnings;
  }

  /**
   * The source as far as it is known before it is staged: columns, decodings, and the data files
   * where they are read directly.
   */
  public OfflineSource planned() {
    boolean known =
        decision.strategy() == ReadPolicy.Strategy.DIRECT
            && decision.shape() == SageMakerSettings.Shape.OFFLINE;
    return source(footers, Map.of(), Deletions.Found.NONE, deletions(null), known);
  }

  /**
   * Makes the rows ready. A second call with the same directory, in whichever process, makes what
   * the first one could not finish and gives the same rows.
   *
   * @param runDirectory the run's own; its last name is the run's id
   * @throws FsMigrateException ATHENA_QUERY_FAILED, STORE_UNAVAILABLE and what the online store
   *     throws
   */
  public OfflineSource stage(Path runDirectory) {
    RunFiles files = runFiles(runDirectory, hadoop());
    History history = history(runDirectory, files);
    List<ParquetFooter> offline = history.footers();
    List<ParquetFooter> all = new ArrayList<>(offline);
    Optional<Dataset<Row>> revived = Optional.empty();
    if (decision.shape() != SageMakerSettings.Shape.OFFLINE) {
      List<PinnedFile> online = online(files, offline);
      List<ParquetFooter> records = ParquetFooter.readAll(online, hadoop());
      all.addAll(records);
      revived = records.isEmpty() ? Optional.empty() : Optional.of(rows(records));
    }
    Deletions deletions = deletions(files);
    return source(all, history.costs(), deletions.find(offline, revived), deletions, true);
  }

  /** The files of the offline store's rows, and what it took to have them. */
  private record History(List<ParquetFooter> footers, Map<String, Long> costs) {}

  private History history(Path runDirectory, RunFiles files) {
    return switch (decision.strategy()) {
      case NONE -> new History(List.of(), Map.of());
      case DIRECT -> {
        if (files.read(PINNED, Pinned.class).isEmpty()) {
          files.write(PINNED, new Pinned(footers.stream().map(ParquetFooter::file).toList()));
        }
        yield new History(footers, Map.of());
      }
      case UNLOAD -> {
        boolean hybrid = decision.shape() == SageMakerSettings.Shape.HYBRID;
        String select =
            hybrid
                ? AthenaSql.everything(group)
                : AthenaSql.living(group, List.of(schema.fieldNames()), pushed);
        Unload.Complete complete =
            unload(runDirectory).stage("rows", select, "unload feature group " + group.name());
        yield new History(
            ParquetFooter.readAll(complete.files(), hadoop()),
            Map.of(SCANNED, complete.bytesScanned()));
      }
    };
  }

  private List<PinnedFile> online(RunFiles files, List<ParquetFooter> offline) {
    OnlineStage stage = new OnlineStage(session, group, services.online().orElseThrow(), files);
    boolean hybrid = decision.shape() == SageMakerSettings.Shape.HYBRID;
    return stage.stage(hybrid ? Optional.of(rows(offline)) : Optional.empty()).files();
  }

  private Dataset<Row> rows(List<ParquetFooter> of) {
    ParquetSource source = ParquetSource.of(session, group.name(), of, GroupColumns.all(group));
    return source.read(UnitPacking.single(source.slices()).get(0));
  }

  private OfflineSource source(
      List<ParquetFooter> of,
      Map<String, Long> costs,
      Deletions.Found found,
      Deletions deletions,
      boolean rowsKnown) {
    StructType read =
        found.rows() > 0 ? schema.add(GroupColumns.IS_DELETED, DataTypes.BooleanType) : schema;
    ParquetSource rows = ParquetSource.of(session, location(), of, read);
    return new StagedSource(
        snapshot(rows, rowsKnown), schema, decodings, costs, rows, deletions, found);
  }

  private SourceSnapshot snapshot(ParquetSource rows, boolean rowsKnown) {
    SourceSnapshot files = rows.snapshot();
    Digest digest = new Digest();
    digest.add(group.arn()).add(decision.shape().name()).add(decision.strategy().name());
    for (StructField field : GroupColumns.features(group).fields()) {
      digest.add(field.name()).add(field.dataType().simpleString());
    }
    footers.forEach(
        f ->
            digest
                .add(f.file().path())
                .add(Long.toString(f.file().length()))
                .add(Long.toString(f.file().modified())));
    return new SourceSnapshot(
        "sagemaker",
        location(),
        Optional.empty(),
        digest.hex(),
        files.files(),
        files.bytes(),
        rowsKnown ? files.rows() : Optional.empty(),
        schema.toDDL());
  }

  private String location() {
    return "sagemaker:" + group.name();
  }

  private Deletions deletions(RunFiles files) {
    return new Deletions(session, group, files);
  }

  private Unload unload(Path runDirectory) {
    return new Unload(
        services.athena().get(),
        settings,
        RunFiles.run(runDirectory),
        group.offline().orElseThrow().catalog(),
        group.offline().orElseThrow().database(),
        hadoop(),
        services.progress());
  }

  /**
   * Removes what was unloaded for a run, once it is over and is not to be resumed. What lies below
   * the run's own directory goes with that.
   */
  public void remove(Path runDirectory) {
    if (decision.strategy() == ReadPolicy.Strategy.UNLOAD) {
      unload(runDirectory).remove();
    }
  }

  private Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  private static RunFiles runFiles(Path runDirectory, Configuration hadoop) {
    return new RunFiles(new Path(runDirectory, DIRECTORY).toString(), hadoop);
  }
}
