package io.fsmigrate.online.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.RecordKey;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.online.calls.Patience;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroups;
import io.fsmigrate.sagemaker.SageMakerSettings.Prices;
import io.fsmigrate.sagemaker.SageMakerSettings.ServiceLimits;
import io.fsmigrate.sagemaker.WriteEstimate;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The online store of a SageMaker feature group.
 *
 * <p>The group has to be there; {@link #check} says everything in which it differs from the target.
 * Features may only be missing where {@link InPlacePolicy} adds them. {@link FeatureCodec} has the
 * types, {@link EventTimeText} the event times.
 *
 * <p>The service keeps the record with the later event time and does not say which that is: records
 * count as submitted, unless they are looked up first ({@link WriteContext#staleCheck}, or an
 * update in place); they then count as written or stale by what was stored when they were looked
 * up. At an equal event time the service keeps what it has, so that {@link
 * io.fsmigrate.online.TieRule} holds only where records are looked up, as far as {@link
 * StoredComparison} says.
 */
public final class SageMakerOnlineStore implements OnlineStore {
  /** Calls at a time for what belongs to no run. */
  private static final int CALLS_WITHOUT_RUN = 64;

  private final SageMakerStoreSettings settings;

  private SageMakerOnlineStore(SageMakerStoreSettings settings) {
    this.settings = settings;
  }

  /**
   * The store; nothing is opened yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, INVALID_STORE_SETTING
   */
  public static SageMakerOnlineStore of(OnlineStoreDefinition definition) {
    return new SageMakerOnlineStore(SageMakerStoreSettings.of(definition));
  }

  @Override
  public boolean writesFromDriver() {
    return false;
  }

  @Override
  public boolean limitsCalls() {
    return true;
  }

  /** Waits for a service that is away: it is also asked when hours of a run are done. */
  @Override
  public void check(VersionedGroup target, boolean clusterMaster) {
    patience().ask(() -> plan(target));
  }

  /** Whether the newest records are served by the group; without, only its history grows. */
  public boolean servesRecords() {
    return settings.writesOnline();
  }

  /** The group whose offline store takes all rows of the target; empty where none is to. */
  public Optional<FeatureGroupDescription> history(VersionedGroup target) {
    return settings.writesOffline()
        ? Optional.of(withGroups(target, FeatureGroups::describeCreated))
        : Optional.empty();
  }

  @Override
  public WriteStrategy plan(VersionedGroup target) {
    if (!servesRecords()) {
      return WriteStrategy.full("rows are added to the offline store only");
    }
    return withGroups(target, (groups, group) -> fitting(target, groups.describeCreated(group)));
  }

  @Override
  public void prepare(VersionedGroup target) {
    patience()
        .ask(
            () ->
                withGroups(
                    target,
                    (groups, group) -> {
                      FeatureGroupDescription before = groups.describeCreated(group);
                      WriteStrategy strategy = fitting(target, before);
                      if (strategy.mode() == WriteStrategy.Mode.UPDATE) {
                        groups.addFeatures(
                            group, InPlacePolicy.definitions(target, strategy.added(), before));
                      }
                      return strategy;
                    }));
  }

  private Patience patience() {
    return Patience.of(settings.unavailableAfter());
  }

  @Override
  public RecordWriter open(VersionedGroup target, WriteContext context) {
    String group = settings.group(target);
    StoreSession session =
        StoreSession.open(
            settings, group, context.run(), context.maxWorkers(), context.executors());
    try {
      FeatureGroupDescription description = session.describe();
      requireFit(target, description, WriteStrategy.FULL);
      return new WriterFactory(settings, session, target, context, description).writer();
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Counts by ListRecords: exact only while nobody writes, since a record may then come twice. */
  @Override
  public OptionalLong count(VersionedGroup target) {
    return withSession(
        target,
        (session, codec) -> {
          if (!listsRecords(session.describe())) {
            return OptionalLong.empty();
          }
          Iterator<String> ids =
              new IdentifierPages(session.pump(), session.calls(), group(target));
          long listed = 0;
          for (; ids.hasNext(); ids.next()) {
            listed++;
          }
          return OptionalLong.of(listed);
        });
  }

  /**
   * The group whose offline store tells the records, because its online store does not; empty where
   * the online store does.
   *
   * @throws io.fsmigrate.error.FsMigrateException STORE_CANNOT_LIST where neither does
   */
  public Optional<FeatureGroupDescription> recordsByHistory(VersionedGroup target) {
    FeatureGroupDescription group = withGroups(target, FeatureGroups::describeCreated);
    if (listsRecords(group)) {
      return Optional.empty();
    }
    if (group.offline().isEmpty()) {
      throw cannotList(group);
    }
    return Optional.of(group);
  }

  /**
   * Hands over every record identifier that the group tells, as text; some may come twice, and some
   * be missing, while others write.
   *
   * @throws io.fsmigrate.error.FsMigrateException STORE_CANNOT_LIST where its storage type tells
   *     none
   */
  public void listIdentifiers(VersionedGroup target, Consumer<String> ids) {
    withSession(
        target,
        (session, codec) -> {
          requireList(session.describe());
          new IdentifierPages(session.pump(), session.calls(), group(target)).forEachRemaining(ids);
          return null;
        });
  }

  @Override
  public void read(VersionedGroup target, Collection<Object> ids, Consumer<OnlineRecord> records) {
    if (ids.isEmpty()) {
      return;
    }
    withSession(
        target,
        (session, codec) -> {
          new RecordReads(session, codec, target.address()).read(ids, records);
          return null;
        });
  }

  @Override
  public Optional<StaleCounts> staleAmong(VersionedGroup target, Iterator<RecordKey> records) {
    return Optional.of(
        withSession(
            target,
            (session, codec) ->
                new RecordReads(session, codec, target.address()).staleAmong(records)));
  }

  /** Removes what ListRecords tells; a group that does not tell needs the identifiers. */
  @Override
  public long clear(VersionedGroup target) {
    return withSession(
        target,
        (session, codec) -> {
          requireList(session.describe());
          try (StoreSession lister = session(target)) {
            Iterator<String> ids =
                new IdentifierPages(lister.pump(), lister.calls(), group(target));
            return new RecordRemoval(session, codec, target.address()).remove(ids);
          }
        });
  }

  /**
   * Removes the records with these identifiers for good.
   *
   * @param ids as text, as {@link #listIdentifiers} tells them
   * @return how many there were
   */
  public long clear(VersionedGroup target, Iterator<String> ids) {
    return withSession(
        target,
        (session, codec) -> new RecordRemoval(session, codec, target.address()).remove(ids));
  }

  /**
   * What writing that many records would take.
   *
   * @param shareRead of the records that are looked up before
   */
  public WriteEstimate estimate(
      VersionedGroup target,
      long records,
      double shareRead,
      int maxWorkers,
      ServiceLimits limits,
      Prices prices) {
    return WriteEstimate.of(
        new WriteEstimate.Work(
            records,
            TypicalRecord.bytes(target.schema()),
            settings.batchWrite() ? BatchWriteRecordCall.MOST_ENTRIES : 1,
            shareRead,
            maxWorkers,
            settings.recordsPerSecond(TypicalRecord.bytes(target.schema()))),
        limits,
        prices);
  }

  private WriteStrategy fitting(VersionedGroup target, FeatureGroupDescription group) {
    WriteStrategy strategy = InPlacePolicy.decide(target, group, settings.inPlace());
    requireFit(target, group, strategy);
    return strategy;
  }

  private void requireFit(
      VersionedGroup target, FeatureGroupDescription group, WriteStrategy strategy) {
    List<String> differences =
        GroupFit.differences(target, group, strategy, settings.writesOffline());
    if (!differences.isEmpty()) {
      throw SageMakerStoreErrors.groupDiffers(
          settings.store(), group.name(), target.address(), differences);
    }
  }

  private void requireList(FeatureGroupDescription group) {
    if (!listsRecords(group)) {
      throw cannotList(group);
    }
  }

  private FsMigrateException cannotList(FeatureGroupDescription group) {
    return SageMakerStoreErrors.cannotList(
        settings.store(),
        group.name(),
        group.online().map(FeatureGroupDescription.Online::storageType).orElse("none"));
  }

  private static boolean listsRecords(FeatureGroupDescription group) {
    return group.online().filter(FeatureGroupDescription.Online::listsRecords).isPresent();
  }

  private String group(VersionedGroup target) {
    return settings.group(target);
  }

  private <T> T withGroups(VersionedGroup target, BiFunction<FeatureGroups, String, T> work) {
    String group = settings.group(target);
    try (AwsClients clients = new AwsClients(settings.access());
        FeatureGroups groups = new FeatureGroups(settings.access(), clients)) {
      return work.apply(groups, group);
    }
  }

  private StoreSession session(VersionedGroup target) {
    return StoreSession.open(
        settings, group(target), "no-run-" + UUID.randomUUID(), CALLS_WITHOUT_RUN, 1);
  }

  private <T> T withSession(VersionedGroup target, BiFunction<StoreSession, RecordCodec, T> work) {
    try (StoreSession session = session(target)) {
      FeatureGroupDescription description = session.describe();
      requireFit(target, description, WriteStrategy.FULL);
      return work.apply(session, RecordCodec.of(target, description));
    }
  }
}
