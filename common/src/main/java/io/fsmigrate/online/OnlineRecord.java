package io.fsmigrate.online;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * One record as it goes to, or comes from, an online store: a value for each feature of the
 * target's schema, in its order.
 *
 * <p>The Java type follows the feature type; null stands for an absent feature:
 *
 * <table>
 * <caption>Java types</caption>
 * <tr><td>boolean</td><td>{@link Boolean}</td></tr>
 * <tr><td>tinyint, smallint, int, bigint</td>
 *     <td>{@link Byte}, {@link Short}, {@link Integer}, {@link Long}</td></tr>
 * <tr><td>float, double</td><td>{@link Float}, {@link Double}</td></tr>
 * <tr><td>decimal</td><td>{@link java.math.BigDecimal}, read back with the scale of its type</td></tr>
 * <tr><td>string</td><td>{@link String}</td></tr>
 * <tr><td>binary</td><td>{@code byte[]}</td></tr>
 * <tr><td>date</td><td>{@link java.time.LocalDate}</td></tr>
 * <tr><td>timestamp</td><td>{@link java.time.Instant}</td></tr>
 * <tr><td>timestamp_ntz</td><td>{@link java.time.LocalDateTime}, taken as UTC</td></tr>
 * <tr><td>array</td><td>{@link List} of the element's type</td></tr>
 * <tr><td>map</td><td>{@link java.util.Map} of the key's and value's types, no null key</td></tr>
 * <tr><td>struct</td><td>{@link java.util.Map} by field name, where a field left out is null, or
 *     {@link List} in the order of the fields; read back as a map in the order of the fields</td></tr>
 * </table>
 *
 * <p>Two records are compared by {@link TieRule}; {@code equals} compares the Java values.
 */
public record OnlineRecord(List<Object> values) implements Serializable {
  public OnlineRecord {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** A record of these values, in the order of the features. */
  public static OnlineRecord of(Object... values) {
    return new OnlineRecord(Arrays.asList(values));
  }
}
