package io.fsmigrate.benchmarks;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Commands that write the records of {@link ExampleGroup}, as bytes of Redis' protocol. */
final class PreparedRedis {
  private static final String SCRIPTS = "/io/fsmigrate/online/redis/";

  private PreparedRedis() {}

  /**
   * Commands that are sent together.
   *
   * @param replyBytes of a server that wrote every record
   */
  record Flight(byte[] commands, int replyBytes) {}

  /** The script that our writer runs, from the program's jar. */
  static String script() {
    return text("order-bytes.lua") + text("put.lua") + text("guard.lua");
  }

  /** Flights of scripts, for each connection. */
  static List<List<Flight>> scripts(int records, int connections, int perScript, int perFlight) {
    byte[] sha = sha(script());
    List<List<Flight>> all = new ArrayList<>();
    for (int first = 0; first < connections; first++) {
      Builder builder = new Builder(perFlight);
      List<Integer> some = new ArrayList<>();
      for (int i = first; i < records; i += connections) {
        some.add(i);
        if (some.size() == perScript || i + connections >= records) {
          builder.add(
              script(sha, some),
              "*%d\r\n".formatted(some.size()).length() + 4 * some.size(),
              some.size());
          some.clear();
        }
      }
      all.add(builder.end());
    }
    return all;
  }

  /** Flights of HSET, which compares nothing, for each connection. */
  static List<List<Flight>> plain(int records, int connections, int perFlight) {
    List<List<Flight>> all = new ArrayList<>();
    for (int first = 0; first < connections; first++) {
      Builder builder = new Builder(perFlight);
      for (int i = first; i < records; i += connections) {
        List<byte[]> fields = fields(i);
        List<byte[]> words = new ArrayList<>(List.of(utf8("HSET"), key(i)));
        words.addAll(fields);
        builder.add(words, ":%d\r\n".formatted(fields.size() / 2).length(), 1);
      }
      all.add(builder.end());
    }
    return all;
  }

  private static List<byte[]> script(byte[] sha, List<Integer> records) {
    List<byte[]> words = new ArrayList<>(List.of(utf8("EVALSHA"), sha, utf8("" + records.size())));
    records.forEach(i -> words.add(key(i)));
    words.add(utf8("1"));
    words.add(utf8("0"));
    for (int i : records) {
      List<byte[]> fields = fields(i);
      words.add(utf8("" + (fields.size() + 2)));
      words.add(utf8("__fs_at"));
      Instant at = (Instant) ExampleGroup.record(i, 0).values().get(1);
      words.add(
          utf8("%d%09d".formatted(100_000_000_000_000_000L + at.getEpochSecond(), at.getNano())));
      words.addAll(fields);
    }
    return words;
  }

  private static byte[] key(int i) {
    return utf8("flights@1.0.0:route-" + i);
  }

  private static List<byte[]> fields(int i) {
    VersionedGroup target = ExampleGroup.target();
    OnlineRecord record = ExampleGroup.record(i, 0);
    List<byte[]> fields = new ArrayList<>();
    for (int f = 0; f < record.values().size(); f++) {
      Feature feature = target.schema().features().get(f);
      fields.add(utf8(feature.name()));
      fields.add(utf8(text(feature, record.values().get(f))));
    }
    return fields;
  }

  private static String text(Feature feature, Object value) {
    try {
      return ScalarText.format(ValueType.of(feature.type()).orElseThrow(), value);
    } catch (UnwritableValueException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(String resource) {
    try (InputStream in = PreparedRedis.class.getResourceAsStream(SCRIPTS + resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha(String script) {
    try {
      return utf8(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(utf8(script))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Puts commands together to flights. */
  private static final class Builder {
    private final int perFlight;
    private final List<Flight> flights = new ArrayList<>();
    private final ByteArrayOutputStream commands = new ByteArrayOutputStream();
    private int replyBytes;
    private int records;

    Builder(int perFlight) {
      this.perFlight = perFlight;
    }

    void add(List<byte[]> words, int reply, int more) {
      commands.writeBytes(utf8("*%d\r\n".formatted(words.size())));
      for (byte[] word : words) {
        commands.writeBytes(utf8("$%d\r\n".formatted(word.length)));
        commands.writeBytes(word);
        commands.writeBytes(utf8("\r\n"));
      }
      replyBytes += reply;
      records += more;
      if (records >= perFlight) {
        cut();
      }
    }

    List<Flight> end() {
      if (records > 0) {
        cut();
      }
      return flights;
    }

    private void cut() {
      flights.add(new Flight(commands.toByteArray(), replyBytes));
      commands.reset();
      replyBytes = 0;
      records = 0;
    }
  }
}
