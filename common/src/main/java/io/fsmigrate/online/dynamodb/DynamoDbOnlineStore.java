package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.ServingPointer;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.online.calls.Patience;
import io.fsmigrate.online.calls.PumpedWriter;
import io.fsmigrate.online.calls.SharedInJvm;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An online store in a table of DynamoDB: an item per record, as {@link ItemForm} has it.
 *
 * <p>A record is put under a condition that the service checks, so that no other writer comes in
 * between. Only where the definition allows it and the table has no item are records put without
 * one, many a call. Records are visible and durable as soon as they are written.
 */
public final class DynamoDbOnlineStore implements OnlineStore {
  /** For what belongs to no run: counting, reading, removing. */
  private static final int CALLS_WITHOUT_RUN = 32;

  private final DynamoDbSettings settings;

  private DynamoDbOnlineStore(DynamoDbSettings settings) {
    this.settings = settings;
  }

  /**
   * The store; nothing is opened yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, MISSING_STORE_SETTING,
   *     INVALID_STORE_SETTING
   */
  public static DynamoDbOnlineStore of(OnlineStoreDefinition definition) {
    return new DynamoDbOnlineStore(DynamoDbSettings.of(definition));
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
    patience().ask(() -> withTable(target, Table::check));
  }

  @Override
  public WriteStrategy plan(VersionedGroup target) {
    return withTable(
        target,
        table -> {
          if (!table.check()) {
            return settings.batchWrite()
                ? load("the table is going to be made")
                : WriteStrategy.FULL;
          }
          return strategy(table);
        });
  }

  /** Without comparing only while the table has no item, which a run that is taken up may find. */
  @Override
  public WriteStrategy confirm(VersionedGroup target, WriteStrategy planned) {
    return settings.batchWrite()
        ? patience().ask(() -> withTable(target, this::strategy))
        : WriteStrategy.FULL;
  }

  private WriteStrategy strategy(Table table) {
    if (!settings.batchWrite()) {
      return WriteStrategy.FULL;
    }
    return table.isEmpty()
        ? load("the table has no item")
        : WriteStrategy.full("each record is compared, since the table has items");
  }

  private static WriteStrategy load(String why) {
    return new WriteStrategy(
        WriteStrategy.Mode.LOAD, List.of(), "25 records a call without comparing, since " + why);
  }

  @Override
  public void prepare(VersionedGroup target) {
    patience()
        .ask(
            () ->
                withTable(
                    target,
                    table -> {
                      table.make();
                      return null;
                    }));
  }

  private Patience patience() {
    return Patience.of(settings.unavailableAfter());
  }

  @Override
  public RecordWriter open(VersionedGroup target, WriteContext context) {
    ItemForm form = form(target);
    String table = settings.table(target);
    Session session =
        Session.open(
            settings,
            table,
            target.group(),
            context.run(),
            context.maxWorkers(),
            context.executors());
    boolean loads = context.strategy().mode() == WriteStrategy.Mode.LOAD;
    return new PumpedWriter<PendingItem>(
        session.pump(),
        (batch, index, record) -> new PendingItem(batch, index, record, form.encode(record)),
        session.budget(),
        ended ->
            new ItemWrites(
                    session.pump(),
                    session.client(),
                    table,
                    form,
                    TieRule.of(target),
                    settings.mostRecords(),
                    loads,
                    ended)
                ::begin,
        session,
        target.address());
  }

  /** Scans the table: exact only while nobody writes. */
  @Override
  public OptionalLong count(VersionedGroup target) {
    return OptionalLong.of(isThere(target) ? withItems(target, StoredItems::count) : 0);
  }

  @Override
  public void read(VersionedGroup target, Collection<Object> ids, Consumer<OnlineRecord> records) {
    if (!ids.isEmpty() && isThere(target)) {
      withItems(
          target,
          items -> {
            items.read(ids, records);
            return null;
          });
    }
  }

  @Override
  public boolean hasRecords(VersionedGroup target) {
    return isThere(target) && patience().ask(() -> !withTable(target, Table::isEmpty));
  }

  @Override
  public String place(VersionedGroup target) {
    return settings.table(target);
  }

  @Override
  public Optional<ServingPointer> pointer() {
    return Optional.of(new DynamoDbServingPointer(settings));
  }

  /** Removes what a scan finds; items that this store has not written stay. */
  @Override
  public long clear(VersionedGroup target) {
    return isThere(target) ? withItems(target, StoredItems::remove) : 0;
  }

  private boolean isThere(VersionedGroup target) {
    return patience().ask(() -> withTable(target, table -> table.describe().isPresent()));
  }

  private <T> T withTable(VersionedGroup target, Function<Table, T> work) {
    ItemForm form = form(target);
    try (SharedInJvm.Lease<Connections> connections =
        Connections.lease(settings.access(), noRun(), CALLS_WITHOUT_RUN, settings.callTimeout())) {
      return work.apply(new Table(connections.value().client(), settings, target, form));
    }
  }

  private <T> T withItems(VersionedGroup target, Function<StoredItems, T> work) {
    ItemForm form = form(target);
    String table = settings.table(target);
    try (Session session =
        Session.open(settings, table, target.group(), noRun(), CALLS_WITHOUT_RUN, 1)) {
      return work.apply(
          new StoredItems(session.pump(), session.client(), table, form, target.address()));
    }
  }

  private static String noRun() {
    return "no-run-" + UUID.randomUUID();
  }

  private ItemForm form(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    Feature eventTime = target.schema().find(target.eventTime()).orElseThrow();
    if (!EventTimes.areOf(layout.types().get(layout.eventTime()))) {
      throw OnlineErrors.unsupportedTypes(target.address(), List.of(eventTime));
    }
    if (settings.timeToLive().isPresent()
        && !EventTimes.arePoints(layout.types().get(layout.eventTime()))) {
      throw DynamoDbErrors.noPointInTime(settings.store(), target.address(), eventTime.name());
    }
    return new ItemForm(layout, settings.timeToLive());
  }
}
