package io.fsmigrate.online.redis;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.ServingPointer;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateLease;
import io.fsmigrate.online.restraint.Limits;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/**
 * An online store in Redis, one server or a cluster: a hash per record, as {@link HashForm} or
 * {@link FeastForm} has it.
 *
 * <p>A record is compared and written by one script on the server, so that no other writer comes in
 * between. Records are visible as soon as they are written; how durable they are is the server's
 * own configuration. A writer has one connection to each server.
 */
public final class RedisOnlineStore implements OnlineStore {
  /** Of one flight to a server; enough that the way there and back costs little. */
  private static final int MOST_RECORDS = 500;

  private final RedisSettings settings;

  private RedisOnlineStore(RedisSettings settings) {
    this.settings = settings;
  }

  /**
   * The store; nothing is opened yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, MISSING_STORE_SETTING,
   *     INVALID_STORE_SETTING
   */
  public static RedisOnlineStore of(OnlineStoreDefinition definition) {
    return new RedisOnlineStore(RedisSettings.of(definition));
  }

  @Override
  public boolean writesFromDriver() {
    return false;
  }

  @Override
  public boolean limitsCalls() {
    return true;
  }

  /** Connects to every server, hands it the scripts and runs one without a record. */
  @Override
  public void check(VersionedGroup target, boolean clusterMaster) {
    RecordForm form = form(target);
    try (NodeSession session = new NodeSession(settings)) {
      session.again(
          topology -> {
            for (HostAndPort node : topology.nodes()) {
              check(session.connection(node), form);
            }
            return null;
          });
    }
  }

  private void check(RedisConnection connection, RecordForm form) {
    for (Script script : form.scripts().all()) {
      connection.call(Command.SCRIPT, Records.utf8("LOAD"), script.text());
    }
    connection.call(
        Command.EVALSHA,
        form.scripts().guard().sha(),
        Records.utf8("0"),
        Records.utf8("1"),
        Records.utf8("0"));
    requirePrimary(told(connection, Command.ROLE));
    if (!settings.access().cluster()
        && text(told(connection, Command.INFO, "cluster")).contains("cluster_enabled:1")) {
      throw RedisErrors.isCluster(settings);
    }
  }

  /** What a server tells of itself; nothing where we may not ask it that. */
  private static Object told(RedisConnection connection, Command command, String... arguments) {
    connection.add(command, List.of(arguments).stream().map(Records::utf8).toArray(byte[][]::new));
    connection.send();
    return connection.reply();
  }

  private void requirePrimary(Object role) {
    if (role instanceof List<?> parts && !parts.isEmpty() && text(parts.get(0)).equals("slave")) {
      throw RedisErrors.isReplica(settings);
    }
  }

  private static String text(Object reply) {
    return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
  }

  /** Needs nothing: a key comes with its record. */
  @Override
  public void prepare(VersionedGroup target) {
    form(target);
  }

  @Override
  public RecordWriter open(VersionedGroup target, WriteContext context) {
    RecordLayout layout = RecordLayout.of(target);
    RecordForm form = form(target);
    Connections connections = new Connections(settings);
    Topology topology = new Topology(connections);
    GateLease gate =
        CallGates.open(
            new GateKey(context.run(), settings.store(), target.group()),
            new Limits(settings.rateLimit(), context.maxWorkers()),
            context.executors());
    return new RedisRecordWriter(
        form,
        TieRule.of(target),
        topology,
        target.address(),
        layout.id(),
        gate,
        outcomes ->
            new ScriptPump(
                connections,
                topology,
                gate,
                form,
                mostRecords(),
                new RetryPolicy(RandomGenerator.getDefault()),
                System::nanoTime,
                outcomes));
  }

  /** A call that costs more than a second's worth of the limit would hold up all others. */
  private int mostRecords() {
    return settings
        .rateLimit()
        .filter(limit -> limit.unit() == RateLimit.Unit.RECORDS)
        .map(limit -> (int) Math.max(1, Math.min(limit.perSecond(), MOST_RECORDS)))
        .orElse(MOST_RECORDS);
  }

  @Override
  public OptionalLong count(VersionedGroup target) {
    return OptionalLong.of(withRecords(target, StoredRecords::count));
  }

  @Override
  public boolean hasRecords(VersionedGroup target) {
    return withRecords(target, StoredRecords::hasAny);
  }

  @Override
  public String place(VersionedGroup target) {
    return settings.feast().map(feast -> feast.view()).orElse(settings.keyPrefix()).of(target);
  }

  /** Feast has none: it reads what its registry says. */
  @Override
  public Optional<ServingPointer> pointer() {
    return settings.feast().isPresent()
        ? Optional.empty()
        : Optional.of(new RedisServingPointer(settings));
  }

  @Override
  public void read(VersionedGroup target, Collection<Object> ids, Consumer<OnlineRecord> records) {
    if (!ids.isEmpty()) {
      withRecords(
          target,
          stored -> {
            stored.read(ids, records);
            return null;
          });
    }
  }

  @Override
  public long clear(VersionedGroup target) {
    return withRecords(target, StoredRecords::remove);
  }

  private <T> T withRecords(VersionedGroup target, Function<StoredRecords, T> work) {
    RecordForm form = form(target);
    try (NodeSession session = new NodeSession(settings)) {
      return work.apply(new StoredRecords(session, form, target.address()));
    }
  }

  private RecordForm form(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    if (settings.feast().isPresent()) {
      return FeastForm.of(settings.store(), target, layout, settings.feast().get());
    }
    if (!OrderedBytes.areOf(layout.types().get(layout.eventTime()))) {
      throw OnlineErrors.unsupportedTypes(target.address(), List.of(eventTime(target)));
    }
    return new HashForm(layout, settings.keyPrefix().of(target));
  }

  private static Feature eventTime(VersionedGroup target) {
    return target.schema().find(target.eventTime()).orElseThrow();
  }
}
