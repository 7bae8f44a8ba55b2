package io.fsmigrate.online.redis;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The form for readers of our own: a hash for each record.
 *
 * <p>The key is a prefix and the record identifier's text. A field is a feature by its name and has
 * its value's text ({@link ScalarText}, {@link CanonicalJson} for collections); an absent value has
 * no field. One field more, {@value #TIME}, has the event time as {@link OrderedBytes}; no feature
 * may be called so.
 */
final class HashForm implements RecordForm {
  static final String TIME = "__fs_at";

  private static final byte[] TIME_FIELD = Records.utf8(TIME);

  private final RecordLayout layout;
  private final byte[] prefix;
  private final List<byte[]> fields = new ArrayList<>();

  /**
   * @param prefix what keys of the target begin with, and no others
   */
  HashForm(RecordLayout layout, String prefix) {
    this.layout = layout;
    this.prefix = Records.utf8(prefix);
    fields.add(TIME_FIELD);
    layout.names().forEach(name -> fields.add(Records.utf8(name)));
  }

  @Override
  public Entry encode(OnlineRecord record) throws UnwritableValueException {
    List<Object> values = record.values();
    Records.requireWhole(layout, values);
    List<byte[]> arguments = new ArrayList<>(2 * values.size() + 2);
    arguments.add(TIME_FIELD);
    arguments.add(time(values.get(layout.eventTime())));
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        arguments.add(fields.get(i + 1));
        arguments.add(text(i, values.get(i)));
      }
    }
    return new Entry(key(values.get(layout.id())), arguments.toArray(new byte[0][]));
  }

  @Override
  public byte[] key(Object id) throws UnwritableValueException {
    byte[] text = text(layout.id(), id);
    byte[] key = Arrays.copyOf(prefix, prefix.length + text.length);
    System.arraycopy(text, 0, key, prefix.length, text.length);
    return key;
  }

  @Override
  public List<byte[]> fields() {
    return fields;
  }

  @Override
  public boolean ownsKeys() {
    return true;
  }

  @Override
  public Optional<OnlineRecord> decode(Object id, List<byte[]> values) {
    if (values.get(0) == null) {
      return Optional.empty();
    }
    List<Object> record = new ArrayList<>(layout.types().size());
    for (int i = 0; i < layout.types().size(); i++) {
      byte[] text = values.get(i + 1);
      record.add(text == null ? null : value(i, new String(text, StandardCharsets.UTF_8)));
    }
    return Optional.of(new OnlineRecord(record));
  }

  @Override
  public byte[] pattern() {
    return Records.pattern(prefix, new byte[0]);
  }

  @Override
  public boolean isKey(byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public Scripts scripts() {
    return Scripts.of(RedisSettings.Layout.HASH);
  }

  private byte[] time(Object value) throws UnwritableValueException {
    try {
      return OrderedBytes.of(layout.types().get(layout.eventTime()), value);
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(layout.eventTime()));
    }
  }

  private byte[] text(int place, Object value) throws UnwritableValueException {
    ValueType type = layout.types().get(place);
    try {
      return Records.utf8(
          type.children().isEmpty()
              ? ScalarText.format(type, value)
              : CanonicalJson.write(type, value));
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(place));
    }
  }

  private Object value(int place, String text) {
    ValueType type = layout.types().get(place);
    try {
      return type.children().isEmpty()
          ? ScalarText.parse(type, text)
          : CanonicalJson.read(type, text);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s is no %s".formatted(layout.names().get(place), type.words()), e);
    }
  }
}
