package io.fsmigrate.online.redis;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.online.restraint.CallGate;
import io.fsmigrate.online.restraint.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import redis.clients.jedis.HostAndPort;

/**
 * Keeps scripts in flight, all from the caller's thread: to each server one flight is under way
 * while the next is made ready. What cannot be carried out for now is tried again, the whole pump
 * waiting in between; what the server never answers for too long ends the pump. Not safe for
 * several threads.
 */
final class ScriptPump implements AutoCloseable {
  /** How long to wait for the gate before looking at what has come back. */
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** Of records on their way, for one writer; a larger record goes alone. */
  private static final long MOST_HELD = 8L * 1024 * 1024;

  /** Learns what became of records. */
  interface Outcomes {
    void written(PendingRecord record);

    void stale(PendingRecord record);

    /** The store has the record with the same event time and other features, here by turns. */
    void tie(PendingRecord record, List<?> fieldsAndValues);

    void failed(PendingRecord record, RedisFault fault);
  }

  private final RedisSettings settings;
  private final Connections connections;
  private final Topology topology;
  private final CallGate gate;
  private final RecordForm form;
  private final int mostRecords;
  private final RetryPolicy retry;
  private final LongSupplier nanos;
  private final Outcomes outcomes;
  private final byte[] secondsToLive;
  private final Map<HostAndPort, NodeLane> lanes = new LinkedHashMap<>();
  private final List<PendingRecord> later = new ArrayList<>();
  private boolean isTroubled;

  /** Since a record ended. */
  private int roundsWithout;

  private long held;

  /**
   * @param mostRecords of one flight
   * @param nanos the clock, as {@link System#nanoTime}
   */
  ScriptPump(
      Connections connections,
      Topology topology,
      CallGate gate,
      RecordForm form,
      int mostRecords,
      RetryPolicy retry,
      LongSupplier nanos,
      Outcomes outcomes) {
    this.settings = connections.settings();
    this.connections = connections;
    this.topology = topology;
    this.gate = gate;
    this.form = form;
    this.mostRecords = mostRecords;
    this.retry = retry;
    this.nanos = nanos;
    this.outcomes = outcomes;
    this.secondsToLive =
        Records.utf8(Long.toString(settings.timeToLive().map(Duration::toSeconds).orElse(0L)));
  }

  /**
   * Takes a record, and sends what is ready.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  void add(PendingRecord record) {
    held += record.bytes();
    place(List.of(record));
    // Whoever has to try again takes nothing new.
    while (held > MOST_HELD || !later.isEmpty()) {
      turn();
    }
  }

  /** Takes a record again that is still on its way. */
  void again(PendingRecord record) {
    later.add(record);
  }

  /**
   * Sends and receives what there is, so that no flight keeps its place while nothing comes.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  void rest() {
    if (held > 0) {
      turn();
    }
  }

  /**
   * Sends everything and waits until nothing is on its way.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  void drain() {
    while (held > 0) {
      turn();
    }
  }

  /** Gives up what is on its way. */
  @Override
  public void close() {
    lanes.values().forEach(NodeLane::close);
    later.clear();
    held = 0;
  }

  /** Sends what waits, receives what is in flight, and tries again what has to be. */
  private void turn() {
    for (NodeLane lane : List.copyOf(lanes.values())) {
      while (lane.isWaiting()) {
        send(lane);
      }
    }
    for (NodeLane lane : List.copyOf(lanes.values())) {
      while (lane.flights() > 0) {
        receive(lane);
      }
    }
    if (!later.isEmpty()) {
      if (isTroubled) {
        isTroubled = false;
        roundsWithout++;
        sleep(retry.waitNanos(roundsWithout));
      }
      List<PendingRecord> now = List.copyOf(later);
      later.clear();
      place(now);
    }
  }

  private void place(List<PendingRecord> records) {
    for (int i = 0; i < records.size(); i++) {
      PendingRecord record = records.get(i);
      NodeLane lane;
      try {
        lane = lane(record.askNode() == null ? topology.node(record.slot()) : record.askNode());
      } catch (RedisFault e) {
        // Nobody can say where the others belong either.
        fail(records.subList(i, records.size()), e);
        return;
      }
      lane.add(record);
      if (lane.isFull(mostRecords)) {
        send(lane);
      }
    }
  }

  private NodeLane lane(HostAndPort node) {
    return lanes.computeIfAbsent(node, n -> new NodeLane(n, connections, form, secondsToLive));
  }

  private void send(NodeLane lane) {
    List<PendingRecord> records = lane.take(mostRecords);
    Permit permit = permit(records.size());
    boolean sent = false;
    try {
      while (lane.mustTellScripts() && lane.flights() > 0) {
        receive(lane);
      }
      lane.connect();
      lane.send(records, permit);
      sent = true;
    } catch (RedisFault e) {
      // What was sent before came first, and may have been carried out.
      List<PendingRecord> all = lane.giveUp();
      all.addAll(records);
      fail(all, e);
    } finally {
      if (!sent) {
        permit.failed();
      }
    }
    while (lane.flights() > 1) {
      receive(lane);
    }
  }

  private void receive(NodeLane lane) {
    List<NodeLane.Returned> returned;
    try {
      returned = lane.receive();
    } catch (RedisFault e) {
      fail(lane.giveUp(), e);
      return;
    }
    for (NodeLane.Returned one : returned) {
      List<PendingRecord> records = one.call().records();
      records.forEach(record -> record.askNode(null));
      if (one.reply() instanceof RedisFault fault) {
        if (fault.fault() == Fault.NO_SCRIPT) {
          lane.hasForgotten();
        }
        fail(records, fault);
      } else if (one.call().isSettling()) {
        settled(records.get(0), (Long) one.reply());
      } else {
        List<?> results = (List<?>) one.reply();
        for (int i = 0; i < records.size(); i++) {
          judge(records.get(i), results.get(i));
        }
      }
    }
  }

  private void settled(PendingRecord record, long result) {
    if (result == 1) {
      ended(record);
      outcomes.written(record);
    } else {
      // Somebody was faster: the comparison begins anew.
      record.replaces(null);
      later.add(record);
    }
  }

  private void judge(PendingRecord record, Object result) {
    if (result instanceof RedisFault fault) {
      fail(List.of(record), fault);
    } else if (result instanceof List<?> stored) {
      outcomes.tie(record, stored);
    } else if ((Long) result == 1) {
      ended(record);
      outcomes.written(record);
    } else {
      ended(record);
      outcomes.stale(record);
    }
  }

  /** A record is on its way no more. */
  void ended(PendingRecord record) {
    held -= record.bytes();
    roundsWithout = 0;
  }

  private void fail(List<PendingRecord> records, RedisFault fault) {
    switch (fault.fault()) {
      case NO_SCRIPT -> tryAgain(records, fault);
      case MOVED -> {
        if (!settings.access().cluster()) {
          throw RedisErrors.isCluster(settings);
        }
        topology.doubt();
        tryAgain(records, fault);
      }
      case ASK -> {
        records.forEach(record -> record.askNode(ScriptPump.target(fault)));
        tryAgain(records, fault);
      }
      case AWAY, BUSY -> {
        records.forEach(record -> record.askNode(null));
        topology.doubt();
        tryAgain(records, fault);
      }
      case WRONG_TYPE, NO_TIME -> {
        for (PendingRecord record : records) {
          ended(record);
          outcomes.failed(record, fault);
        }
      }
      case FULL -> throw RedisErrors.full(settings, fault.getMessage());
      case ACCESS -> throw RedisErrors.accessLost(settings, fault);
      case OTHER -> throw RedisErrors.refused(settings, fault.getMessage());
    }
  }

  private void tryAgain(List<PendingRecord> records, RedisFault fault) {
    long now = nanos.getAsLong();
    isTroubled = true;
    for (PendingRecord record : records) {
      if (record.failed(now) > settings.unavailableAfter().toNanos()) {
        throw RedisErrors.away(settings, fault.getMessage());
      }
    }
    later.addAll(records);
  }

  /** {@code ASK 3999 127.0.0.1:6381}. */
  private static HostAndPort target(RedisFault fault) {
    String message = fault.getMessage();
    return HostAndPort.from(message.substring(message.lastIndexOf(' ') + 1));
  }

  /** Looks at what comes back while it waits, which frees the places that it may need. */
  private Permit permit(int records) {
    try {
      while (true) {
        Optional<Permit> permit = gate.acquire(new CallCost(records, 0), GLANCE);
        if (permit.isPresent()) {
          return permit.get();
        }
        for (NodeLane lane : List.copyOf(lanes.values())) {
          if (lane.flights() > 0) {
            receive(lane);
          }
        }
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted between calls to the online store", e);
  }
}
