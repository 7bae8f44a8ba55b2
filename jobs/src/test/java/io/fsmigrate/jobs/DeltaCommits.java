package io.fsmigrate.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The log of a Delta table.
 *
 * @param files each file of the log with its content
 */
record DeltaCommits(Map<String, String> files) {
  /** As it is now; empty where there is none yet. */
  static DeltaCommits of(Path log) throws IOException {
    Map<String, String> commits = new TreeMap<>();
    if (Files.exists(log)) {
      try (Stream<Path> files = Files.list(log)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
          commits.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return new DeltaCommits(commits);
  }

  /** Whether it goes on from another one without having changed anything of it. */
  boolean continues(DeltaCommits earlier) {
    return files.entrySet().containsAll(earlier.files.entrySet());
  }

  /** How many commits name each unit. */
  Map<String, Integer> units() {
    Map<String, Integer> units = new HashMap<>();
    for (String commit : files.values()) {
      for (String line : commit.lines().toList()) {
        String metadata = Sandbox.json(line).at("/commitInfo/userMetadata").asText();
        if (!metadata.isEmpty()) {
          Sandbox.json(metadata)
              .get("units")
              .forEach(u -> units.merge(u.asText(), 1, Integer::sum));
        }
      }
    }
    return units;
  }
}
