package io.fsmigrate.online.redis;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.UnwritableValueException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** Reads, counts and removes the records of one target. */
final class StoredRecords {
  /** Asked for together; with the largest records still some hundred megabytes. */
  private static final int READ_TOGETHER = 200;

  /** A page of SCAN: quick for the server, few trips for us. */
  private static final byte[] PAGE = Records.utf8("1000");

  /** Keys remembered while counting: a table that shrinks tells some of them twice. */
  private static final int MOST_REMEMBERED = 1_000_000;

  private final NodeSession session;
  private final RecordForm form;
  private final String address;

  StoredRecords(NodeSession session, RecordForm form, String address) {
    this.session = session;
    this.form = form;
    this.address = address;
  }

  void read(Collection<Object> ids, Consumer<OnlineRecord> records) {
    Map<Object, byte[]> some = new LinkedHashMap<>();
    for (Object id : ids) {
      try {
        // byte[] has no equals of its own, which does no harm here.
        some.put(id, form.key(id));
      } catch (UnwritableValueException e) {
        throw new IllegalArgumentException(
            "Cannot read record %s of %s: %s".formatted(id, address, e.getMessage()), e);
      }
      if (some.size() == READ_TOGETHER) {
        readSome(some).forEach(records);
        some.clear();
      }
    }
    readSome(some).forEach(records);
  }

  private List<OnlineRecord> readSome(Map<Object, byte[]> keys) {
    return session.again(
        topology -> {
          Map<HostAndPort, List<Object>> asked = new LinkedHashMap<>();
          byte[][] arguments = form.fields().toArray(new byte[form.fields().size() + 1][]);
          System.arraycopy(arguments, 0, arguments, 1, form.fields().size());
          keys.forEach(
              (id, key) -> {
                HostAndPort node = topology.node(topology.slot(key));
                asked.computeIfAbsent(node, n -> new ArrayList<>()).add(id);
                byte[][] own = arguments.clone();
                own[0] = key;
                session.connection(node).add(Command.HMGET, own);
              });
          List<OnlineRecord> found = new ArrayList<>(keys.size());
          asked.keySet().forEach(node -> session.connection(node).send());
          asked.forEach(
              (node, ids) -> {
                for (Object id : ids) {
                  record(id, keys.get(id), session.connection(node).reply()).ifPresent(found::add);
                }
              });
          return found;
        });
  }

  @SuppressWarnings("unchecked")
  private Optional<OnlineRecord> record(Object id, byte[] key, Object reply) {
    if (reply instanceof RedisFault fault) {
      if (fault.fault() == Fault.WRONG_TYPE) {
        throw RedisErrors.unreadable(address, Keys.text(key), "it is no hash");
      }
      throw fault;
    }
    try {
      return form.decode(id, (List<byte[]>) reply);
    } catch (IllegalArgumentException e) {
      throw RedisErrors.unreadable(address, Keys.text(key), e.getMessage());
    }
  }

  /**
   * Counts by SCAN: exact while nobody writes, but for what a shrinking table tells twice beyond a
   * million records.
   */
  long count() {
    Set<Long> seen = new HashSet<>();
    long[] count = {0};
    eachPage(
        (connection, keys) -> {
          for (byte[] key : keys) {
            connection.add(Command.HEXISTS, key, form.fields().get(0));
          }
          connection.send();
          for (byte[] key : keys) {
            Object reply = connection.reply();
            boolean isThere = reply instanceof Long there && there == 1;
            if (isThere && (seen.size() >= MOST_REMEMBERED || seen.add(hash(key)))) {
              count[0]++;
            }
          }
          return true;
        });
    return count[0];
  }

  /** Whether there is a record; the first page that has one ends the search. */
  boolean hasAny() {
    boolean[] found = {false};
    eachPage(
        (connection, keys) -> {
          for (byte[] key : keys) {
            connection.add(Command.HEXISTS, key, form.fields().get(0));
          }
          connection.send();
          for (int i = 0; i < keys.size(); i++) {
            found[0] |= connection.reply() instanceof Long there && there == 1;
          }
          return !found[0];
        });
    return found[0];
  }

  /** Removes every record by SCAN and UNLINK; in Feast's form, only this view's part of a key. */
  long remove() {
    long[] removed = {0};
    eachPage(
        (connection, keys) -> {
          Map<Integer, List<byte[]>> bySlot = new LinkedHashMap<>();
          for (byte[] key : keys) {
            bySlot.computeIfAbsent(session.topology().slot(key), s -> new ArrayList<>()).add(key);
          }
          bySlot.values().forEach(some -> connection.add(Command.EVALSHA, removal(some)));
          connection.send();
          RedisFault refused = null;
          for (int i = 0; i < bySlot.size(); i++) {
            Object reply = connection.reply();
            if (reply instanceof Long number) {
              removed[0] += number;
            } else {
              refused = (RedisFault) reply;
            }
          }
          if (refused != null) {
            throw refused;
          }
          return true;
        });
    return removed[0];
  }

  private byte[][] removal(List<byte[]> keys) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(form.scripts().remove().sha());
    arguments.add(Records.utf8(Integer.toString(keys.size())));
    arguments.addAll(keys);
    arguments.add(Records.utf8(form.ownsKeys() ? "1" : "0"));
    arguments.addAll(form.fields());
    return arguments.toArray(new byte[0][]);
  }

  /** A failure begins the server's scan anew, which removing and remembering bear. */
  private void eachPage(PageWork work) {
    Set<HostAndPort> nodes = session.again(Topology::nodes);
    for (HostAndPort node : nodes) {
      if (!session.again(topology -> eachPage(node, work))) {
        return;
      }
    }
  }

  /** Whether the other servers are to be asked, too. */
  private boolean eachPage(HostAndPort node, PageWork work) {
    RedisConnection connection = session.connection(node);
    connection.call(Command.SCRIPT, Records.utf8("LOAD"), form.scripts().remove().text());
    byte[] cursor = {'0'};
    do {
      List<?> page =
          (List<?>)
              connection.call(
                  Command.SCAN,
                  cursor,
                  Records.utf8("MATCH"),
                  form.pattern(),
                  Records.utf8("COUNT"),
                  PAGE);
      cursor = (byte[]) page.get(0);
      List<byte[]> keys = new ArrayList<>();
      for (Object key : (List<?>) page.get(1)) {
        if (form.isKey((byte[]) key)) {
          keys.add((byte[]) key);
        }
      }
      if (!keys.isEmpty() && !work.on(connection, keys)) {
        return false;
      }
    } while (!new String(cursor, StandardCharsets.US_ASCII).equals("0"));
    return true;
  }

  /** Of 64 bits: two of a million keys share one by a chance of one in thirty million. */
  private static long hash(byte[] key) {
    long hash = 1_125_899_906_842_597L;
    for (byte b : key) {
      hash = 31 * hash + b;
      hash ^= hash >>> 29;
      hash *= 0x9E3779B97F4A7C15L;
    }
    return hash;
  }

  /** What is done with the keys of a page; whether another is wanted. */
  private interface PageWork {
    boolean on(RedisConnection connection, List<byte[]> keys);
  }
}
