package io.fsmigrate.catalog;

import java.util.List;

/**
 * Every key of the configuration, as the comments of reference.conf explain it.
 *
 * @param keys in the order of the file
 * @param example a configuration that has every key that is without a default
 */
public record ConfigReference(List<Key> keys, String example) {
  public ConfigReference {
    keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param key its path below {@code fs-migrate}; {@code <group>} and the like stand for a name of
   *     the user's, {@code []} for each element of a list
   * @param type what its value is, in words
   * @param defaultValue what holds without it, or that it is required; may be empty
   * @param meaning what it does
   */
  public record Key(String key, String type, String defaultValue, String meaning) {}

  /** That of this version of the program. */
  public static ConfigReference read() {
    return ReferenceReader.read();
  }
}
