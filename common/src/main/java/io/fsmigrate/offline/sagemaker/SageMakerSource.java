package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.Digest;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetFooter;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
   * @param athena opened when statements are to be run, and closed after them
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
    this.schema = GroupColumns.features(group, request.version());
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
                throw SageMakerSourceErrors.typesDiffer(
                    group.name(), version.address(), differences);
              }
            });
    ReadPolicy policy = new ReadPolicy(settings);
    SageMakerSettings.Shape shape = policy.shape(group);
    if (shape != SageMakerSettings.Shape.OFFLINE && services.online().isEmpty()) {
      throw SageMakerSourceErrors.refused(
          group.name(), "its online records cannot be read here; set sagemaker.shape = offline");
    }
    DataFiles files =
        policy.looksAtFiles(group, shape)
            ? DataFiles.look(
                session,
                group,
                settings,
                request.pinnedBy().map(run -> runFiles(new Path(run), session)))
            : DataFiles.NONE;
    ReadPolicy.Decision decision = policy.decide(group, shape, files.access());
    if (decision.strategy() == ReadPolicy.Strategy.DIRECT) {
      files.requireTypes(group);
    }
    return new SageMakerSource(session, request, settings, services, decision, files.footers());
  }

  /** Which stores are read, and how, in words for a plan. */
  public String strategy() {
    return decision.words();
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
    return source(
        new History(footers, Map.of()),
        List.of(),
        Deletions.Found.NONE,
        new Deletions(session, group, null),
        known);
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
    RunFiles files = runFiles(runDirectory, session);
    History history = history(runDirectory, files);
    List<ParquetFooter> served = List.of();
    if (decision.shape() != SageMakerSettings.Shape.OFFLINE) {
      served = ParquetFooter.readAll(online(files, history.footers()), hadoop());
    }
    Optional<Dataset<Row>> revived =
        served.isEmpty() ? Optional.empty() : Optional.of(rows(served));
    Deletions deletions = new Deletions(session, group, files);
    return source(history, served, deletions.find(history.footers(), revived), deletions, true);
  }

  /** The files of the offline store's rows, and what it took to have them. */
  private record History(List<ParquetFooter> footers, Map<String, Long> costs) {}

  private History history(Path runDirectory, RunFiles files) {
    return switch (decision.strategy()) {
      case NONE -> new History(List.of(), Map.of());
      case DIRECT -> {
        DataFiles.pin(footers, files);
        yield new History(footers, Map.of());
      }
      case UNLOAD -> {
        boolean hybrid = decision.shape() == SageMakerSettings.Shape.HYBRID;
        String select =
            hybrid
                ? AthenaSql.everything(group)
                : AthenaSql.living(group, List.of(schema.fieldNames()), pushed);
        String what = "unload feature group " + group.name();
        Unload.Complete complete =
            withUnload(runDirectory, unload -> unload.stage("rows", select, what));
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
      History history,
      List<ParquetFooter> served,
      Deletions.Found found,
      Deletions deletions,
      boolean rowsKnown) {
    List<ParquetFooter> of = new ArrayList<>(history.footers());
    of.addAll(served);
    StructType read =
        found.rows() > 0 ? schema.add(GroupColumns.IS_DELETED, DataTypes.BooleanType) : schema;
    ParquetSource rows = ParquetSource.of(session, "sagemaker:" + group.name(), of, read);
    return new StagedSource(
        snapshot(rows, rowsKnown), schema, decodings, history.costs(), rows, deletions, found);
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
        "sagemaker:" + group.name(),
        Optional.empty(),
        digest.hex(),
        files.files(),
        files.bytes(),
        rowsKnown ? files.rows() : Optional.empty(),
        schema.toDDL());
  }

  private <T> T withUnload(Path runDirectory, Function<Unload, T> work) {
    try (AthenaQueries queries = services.athena().get()) {
      return work.apply(
          new Unload(
              queries,
              settings,
              RunFiles.run(runDirectory),
              group.offline().orElseThrow().catalog(),
              group.offline().orElseThrow().database(),
              hadoop(),
              services.progress()));
    }
  }

  /**
   * Removes what was unloaded for a run, once it is over and is not to be resumed. What lies below
   * the run's own directory goes with that.
   */
  public void remove(Path runDirectory) {
    if (decision.strategy() == ReadPolicy.Strategy.UNLOAD) {
      withUnload(
          runDirectory,
          unload -> {
            unload.remove();
            return null;
          });
    }
  }

  private Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  private static RunFiles runFiles(Path runDirectory, SparkSession session) {
    return new RunFiles(
        new Path(runDirectory, DIRECTORY).toString(), session.sparkContext().hadoopConfiguration());
  }
}
