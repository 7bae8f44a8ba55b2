package io.fsmigrate.verify;

import java.util.Map;
import java.util.Optional;

/**
 * What became of the comparison of an online store with the newest rows of the offline store.
 *
 * @param place where its records are, as readers name it
 * @param records record identifiers that the offline store has
 * @param looked those that were looked at; fewer than all where a sample was
 * @param missing that the store does not have
 * @param different that it has with other values, or older
 * @param newer that it has newer: no difference, for others may write as well
 * @param extra records of the store that the offline store does not have; empty where the store
 *     does not count its records, or not all were looked at
 * @param features records in which a feature differs, by feature
 * @param outage why the store was not looked at to its end; empty where it was
 */
public record OnlineVerdict(
    String store,
    String place,
    long records,
    long looked,
    long same,
    long missing,
    long different,
    long newer,
    Optional<Long> extra,
    Map<String, Long> features,
    Optional<String> outage) {
  /** Records that are not as they should be. */
  public long differences() {
    return missing + different + extra.orElse(0L);
  }
}
