package io.fsmigrate.online.redis;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.redis.RedisSettings.FeastNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The form that a Feast deployment reads, as its own Redis store writes it.
 *
 * <p>A hash for each entity, with the fields of all its feature views. The key is {@link FeastKey}.
 * A feature's field is the murmur3_32 of {@code VIEW:FEATURE} in 4 bytes, little-endian; its value
 * {@link FeastValues}. The event time of the view is the field {@code _ts:VIEW}, {@link
 * FeastTimes}. Record identifier and event time are not features to Feast and have no other field.
 * Source: Feast, sdk/python/feast/infra/online_stores/redis.py and {@code _mmh3} in helpers.py
 * beside it.
 */
final class FeastForm implements RecordForm {
  private static final String TIME = "_ts:";

  private final RecordLayout layout;
  private final FeastKey key;
  private final List<byte[]> fields = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();

  private FeastForm(RecordLayout layout, FeastKey key, String view) {
    this.layout = layout;
    this.key = key;
    fields.add(Records.utf8(TIME + view));
    for (int i = 0; i < layout.types().size(); i++) {
      if (i != layout.id() && i != layout.eventTime()) {
        places.add(i);
        fields.add(field(view, layout.names().get(i)));
      }
    }
  }

  /**
   * The form for a target.
   *
   * @throws io.fsmigrate.error.FsMigrateException STORE_CANNOT_HOLD where Feast has no place for
   *     the record identifier, the event time, or two features with one hash
   */
  static FeastForm of(String store, VersionedGroup target, RecordLayout layout, FeastNames names) {
    ValueType id = layout.types().get(layout.id());
    FeastKey key =
        new FeastKey(
            names.entity().orElse(layout.names().get(layout.id())),
            names.entityType().orElse(FeastType.of(id)),
            names.project());
    FeastForm form = new FeastForm(layout, key, names.view().of(target));
    List<String> misfits = form.misfits();
    if (!misfits.isEmpty()) {
      throw RedisErrors.cannotHold(store, target.address(), misfits);
    }
    return form;
  }

  static byte[] field(String view, String feature) {
    return ByteBuffer.allocate(Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(Murmur3.hash(Records.utf8(view + ":" + feature)))
        .array();
  }

  private List<String> misfits() {
    List<String> misfits = new ArrayList<>();
    String ofKey = key.misfit(layout.types().get(layout.id()));
    if (ofKey != null) {
      misfits.add("%s: %s".formatted(layout.names().get(layout.id()), ofKey));
    }
    ValueType time = layout.types().get(layout.eventTime());
    if (!FeastTimes.isTime(time)) {
      misfits.add(
          "%s: a %s is no event time to Feast"
              .formatted(layout.names().get(layout.eventTime()), time.words()));
    }
    for (int i = 1; i < fields.size(); i++) {
      for (int j = 1; j < i; j++) {
        if (Arrays.equals(fields.get(i), fields.get(j))) {
          misfits.add(
              "%s and %s have the same hash; rename one"
                  .formatted(name(places.get(j - 1)), name(places.get(i - 1))));
        }
      }
    }
    return misfits;
  }

  @Override
  public Entry encode(OnlineRecord record) throws UnwritableValueException {
    List<Object> values = record.values();
    Records.requireWhole(layout, values);
    byte[][] arguments = new byte[2 * fields.size()][];
    arguments[0] = fields.get(0);
    arguments[1] = inFeature(layout.eventTime(), FeastTimes::encode, values);
    for (int i = 0; i < places.size(); i++) {
      arguments[2 * i + 2] = fields.get(i + 1);
      arguments[2 * i + 3] = inFeature(places.get(i), FeastValues::encode, values);
    }
    return new Entry(key(values.get(layout.id())), arguments);
  }

  @Override
  public byte[] key(Object id) throws UnwritableValueException {
    try {
      return key.of(layout.types().get(layout.id()), id);
    } catch (UnwritableValueException e) {
      throw e.in(name(layout.id()));
    }
  }

  @Override
  public List<byte[]> fields() {
    return fields;
  }

  @Override
  public boolean ownsKeys() {
    return false;
  }

  @Override
  public Optional<OnlineRecord> decode(Object id, List<byte[]> values) {
    if (values.get(0) == null) {
      return Optional.empty();
    }
    List<Object> record =
        new ArrayList<>(Collections.nCopies(layout.types().size(), (Object) null));
    record.set(layout.id(), id);
    record.set(
        layout.eventTime(),
        FeastTimes.decode(layout.types().get(layout.eventTime()), values.get(0)));
    for (int i = 0; i < places.size(); i++) {
      byte[] value = values.get(i + 1);
      int place = places.get(i);
      if (value != null) {
        record.set(place, value(place, value));
      }
    }
    return Optional.of(new OnlineRecord(record));
  }

  private Object value(int place, byte[] value) {
    ValueType type = layout.types().get(place);
    try {
      return FeastValues.decode(type, value);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("%s is no %s".formatted(name(place), type.words()), e);
    }
  }

  @Override
  public byte[] pattern() {
    return Records.pattern(key.prefix(), Records.utf8(key.project()));
  }

  @Override
  public boolean isKey(byte[] found) {
    return key.isOne(found);
  }

  @Override
  public Scripts scripts() {
    return Scripts.of(RedisSettings.Layout.FEAST);
  }

  private byte[] inFeature(int place, Encoding encoding, List<Object> values)
      throws UnwritableValueException {
    try {
      return encoding.of(layout.types().get(place), values.get(place));
    } catch (UnwritableValueException e) {
      throw e.in(name(place));
    }
  }

  private String name(int place) {
    return layout.names().get(place);
  }

  /** How a value becomes bytes. */
  private interface Encoding {
    byte[] of(ValueType type, Object value) throws UnwritableValueException;
  }
}
