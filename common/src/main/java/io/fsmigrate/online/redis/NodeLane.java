package io.fsmigrate.online.redis;

import io.fsmigrate.online.restraint.Permit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/**
 * The way to one server: records that wait, a connection, and flights, each some scripts that were
 * sent together. Not safe for several threads.
 */
final class NodeLane implements AutoCloseable {
  /** As much as keeps a server at work while the next is made ready. */
  private static final int FLIGHT_BYTES = 256 * 1024;

  /**
   * A script keeps the server from anything else; so many small records take it about a
   * millisecond's fifth.
   */
  private static final int SCRIPT_RECORDS = 32;

  private static final int SCRIPT_BYTES = 64 * 1024;

  private final HostAndPort node;
  private final Connections connections;
  private final RecordForm form;
  private final byte[] secondsToLive;
  private final Deque<PendingRecord> waiting = new ArrayDeque<>();
  private final Deque<Flight> flights = new ArrayDeque<>();
  private RedisConnection connection;
  private boolean hasForgotten;
  private long waitingBytes;

  /** Scripts sent together, and the permission for them. */
  private record Flight(Permit permit, List<ScriptCall> calls) {}

  /** What came back for a script: its result, or a {@link RedisFault}. */
  record Returned(ScriptCall call, Object reply) {}

  NodeLane(HostAndPort node, Connections connections, RecordForm form, byte[] secondsToLive) {
    this.node = node;
    this.connections = connections;
    this.form = form;
    this.secondsToLive = secondsToLive;
  }

  void add(PendingRecord record) {
    waiting.addLast(record);
    waitingBytes += record.bytes();
  }

  /** Whether there is enough for a flight of at most so many records. */
  boolean isFull(int mostRecords) {
    return waiting.size() >= mostRecords || waitingBytes >= FLIGHT_BYTES;
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  int flights() {
    return flights.size();
  }

  /** Takes the records of the next flight. */
  List<PendingRecord> take(int mostRecords) {
    List<PendingRecord> taken = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && taken.size() < mostRecords && bytes < FLIGHT_BYTES) {
      bytes += waiting.peekFirst().bytes();
      taken.add(waiting.pollFirst());
    }
    waitingBytes -= bytes;
    return taken;
  }

  /** The server has lost its scripts: it gets them again before the next flight. */
  void hasForgotten() {
    hasForgotten = true;
  }

  boolean mustTellScripts() {
    return hasForgotten && connection != null;
  }

  /**
   * Connects where there is no connection, and tells the server the scripts where it does not know
   * them. With {@link #mustTellScripts}, nothing may be in flight.
   *
   * @throws RedisFault when the server cannot be used
   */
  void connect() {
    if (connection == null) {
      connection = connections.open(node);
      hasForgotten = true;
    }
    if (hasForgotten) {
      for (Script script : form.scripts().all()) {
        connection.call(Command.SCRIPT, Records.utf8("LOAD"), script.text());
      }
      hasForgotten = false;
    }
  }

  /**
   * Sends records.
   *
   * @throws RedisFault when the connection fails; the permit is then still the caller's
   */
  void send(List<PendingRecord> records, Permit permit) {
    List<ScriptCall> calls = calls(records);
    for (ScriptCall call : calls) {
      call.add(connection, form, secondsToLive);
    }
    connection.send();
    flights.addLast(new Flight(permit, calls));
  }

  /**
   * Waits for the replies of the oldest flight.
   *
   * @throws RedisFault when the connection fails, which leaves the flight where it is
   */
  List<Returned> receive() {
    Flight flight = flights.peekFirst();
    List<Returned> returned = new ArrayList<>(flight.calls().size());
    for (ScriptCall call : flight.calls()) {
      for (int i = 0; i < call.repliesBefore(); i++) {
        connection.reply();
      }
      returned.add(new Returned(call, connection.reply()));
    }
    flights.pollFirst();
    flight.permit().succeeded();
    return returned;
  }

  /** Gives the connection up; what was in flight comes back in its order. */
  List<PendingRecord> giveUp() {
    List<PendingRecord> records = new ArrayList<>();
    for (Flight flight : flights) {
      flight.permit().failed();
      flight.calls().forEach(call -> records.addAll(call.records()));
    }
    flights.clear();
    if (connection != null) {
      connection.drop();
      connection = null;
    }
    return records;
  }

  @Override
  public void close() {
    giveUp();
  }

  /** Records of one slot together, in their order; one that settles, or asks, alone. */
  private static List<ScriptCall> calls(List<PendingRecord> records) {
    List<ScriptCall> calls = new ArrayList<>();
    Map<Integer, List<PendingRecord>> bySlot = new LinkedHashMap<>();
    Map<Integer, Integer> bytes = new LinkedHashMap<>();
    for (PendingRecord record : records) {
      if (record.seen() != null || record.askNode() != null) {
        calls.add(new ScriptCall(List.of(record)));
        continue;
      }
      List<PendingRecord> open =
          bySlot.computeIfAbsent(record.slot(), slot -> new ArrayList<>(SCRIPT_RECORDS));
      open.add(record);
      int size = bytes.merge(record.slot(), record.bytes(), Integer::sum);
      if (open.size() >= SCRIPT_RECORDS || size >= SCRIPT_BYTES) {
        calls.add(new ScriptCall(bySlot.remove(record.slot())));
        bytes.remove(record.slot());
      }
    }
    bySlot.values().forEach(open -> calls.add(new ScriptCall(open)));
    return calls;
  }
}
