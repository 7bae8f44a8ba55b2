package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that changes the result of a run, part by part, so that a mismatch can be named.
 * Tuning, credentials and the master are not in it.
 *
 * @param algorithm the version of this recipe; another version is another fingerprint
 * @param parts what was hashed, by name
 * @param hash sha-256 over algorithm and parts, hexadecimal
 */
public record Fingerprint(String algorithm, Map<String, String> parts, String hash) {
  private static final String ALGORITHM = "v1";

  public Fingerprint {
    parts = Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /** The fingerprint of these parts. */
  public static Fingerprint of(Map<String, String> parts) {
    Digest digest = new Digest().add(ALGORITHM);
    new TreeMap<>(parts).forEach((name, value) -> digest.add(name).add(value));
    return new Fingerprint(ALGORITHM, parts, digest.hex());
  }

  /** What records of a target are made of, as a part. */
  static String text(VersionedGroup target) {
    return "%s|%s|%s|%s"
        .formatted(
            target.address(), target.schema().ddl(), target.recordIdentifier(), target.eventTime());
  }

  /** How the work on online stores is cut, as a part. */
  static String text(List<Plan.OnlineTarget> online) {
    return String.join(
        " ", online.stream().map(o -> o.store() + "/" + o.units() + "/" + o.place()).toList());
  }

  /** The names of the parts that differ, {@code algorithm} included. */
  public List<String> differences(Fingerprint other) {
    List<String> different = new ArrayList<>();
    if (!algorithm.equals(other.algorithm)) {
      different.add("algorithm");
    }
    TreeSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(other.parts.keySet());
    for (String name : names) {
      if (!java.util.Objects.equals(parts.get(name), other.parts.get(name))) {
        different.add(name);
      }
    }
    return different;
  }
}
