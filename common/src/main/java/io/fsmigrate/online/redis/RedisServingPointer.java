package io.fsmigrate.online.redis;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.Protocol.Command;

/**
 * A hash for each feature group, by default at the key {@code fs-migrate:serving:GROUP}, with the
 * fields {@code version}, {@code key-version}, {@code key-prefix}, {@code at} (ISO-8601, UTC) and
 * {@code by}. A script on the server compares and sets it.
 */
final class RedisServingPointer implements ServingPointer {
  private static final Script MOVE = Script.of(Scripts.text("serving"));
  private static final List<String> FIELDS =
      List.of("version", "key-version", "key-prefix", "at", "by");

  private final RedisSettings settings;

  RedisServingPointer(RedisSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Served> read(String group) {
    byte[][] arguments = new byte[FIELDS.size() + 1][];
    arguments[0] = key(group);
    for (int i = 0; i < FIELDS.size(); i++) {
      arguments[i + 1] = Records.utf8(FIELDS.get(i));
    }
    List<?> values = (List<?>) atKey(group, c -> c.call(Command.HMGET, arguments));
    if (values.stream().allMatch(value -> value == null)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Served(
              group,
              new FeatureVersion(text(values, 0)),
              new FeatureVersion(text(values, 1)),
              text(values, 2),
              Instant.parse(text(values, 3)),
              text(values, 4)));
    } catch (RuntimeException e) {
      throw OnlineErrors.pointerUnreadable(
          settings.store(), "the key " + Keys.text(key(group)), e.getMessage());
    }
  }

  private static String text(List<?> values, int i) {
    if (values.get(i) == null) {
      throw new IllegalArgumentException("it has no field " + FIELDS.get(i));
    }
    return new String((byte[]) values.get(i), StandardCharsets.UTF_8);
  }

  /** Reading tells whether we are let to the key; whether scripts run is known from the records. */
  @Override
  public void check(String group, String place) {
    read(group);
  }

  @Override
  public boolean move(Served to, Optional<Served> expected) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(MOVE.sha());
    arguments.add(Records.utf8("1"));
    arguments.add(key(to.group()));
    List<String> held = expected.map(RedisServingPointer::values).orElse(List.of());
    arguments.add(Records.utf8(Integer.toString(held.size())));
    held.forEach(value -> arguments.add(Records.utf8(value)));
    List<String> values = values(to);
    for (int i = 0; i < values.size(); i++) {
      arguments.add(Records.utf8(FIELDS.get(i)));
      arguments.add(Records.utf8(values.get(i)));
    }
    Object moved =
        atKey(
            to.group(),
            connection -> {
              connection.call(Command.SCRIPT, Records.utf8("LOAD"), MOVE.text());
              return connection.call(Command.EVALSHA, arguments.toArray(byte[][]::new));
            });
    return moved.equals(1L);
  }

  private static List<String> values(Served served) {
    return List.of(
        served.version().text(),
        served.keyVersion().text(),
        served.place(),
        served.at().toString(),
        served.by());
  }

  private byte[] key(String group) {
    return Records.utf8(NameTemplate.ofGroup(settings.servingKey(), group));
  }

  private Object atKey(String group, Function<RedisConnection, Object> work) {
    try (NodeSession session = new NodeSession(settings)) {
      return session.again(
          topology -> work.apply(session.connection(topology.node(topology.slot(key(group))))));
    }
  }
}
