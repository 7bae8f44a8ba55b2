package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.Digest;
import io.fsmigrate.offline.PinnedFile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * The results of statements as Parquet files in S3, for one run.
 *
 * <pre>
 * UNLOAD-LOCATION/RUN/NAME-1.started.json   the first attempt, and its query once it has one
 * UNLOAD-LOCATION/RUN/NAME-1/               its files
 * UNLOAD-LOCATION/RUN/NAME-1.json           it is complete: these are its files
 * </pre>
 *
 * <p>A failed UNLOAD leaves what it has written, and UNLOAD refuses a place where something is. So
 * each attempt has a place of its own, and only one with the last file is ever read.
 */
final class Unload {
  /** Attempts within one call, where Athena says that trying again may help. */
  private static final int ATTEMPTS = 3;

  private static final String FAILED = "ATHENA_QUERY_FAILED";

  /** Failures after which nothing is written any more. */
  private static final Set<String> ENDED = Set.of(FAILED, "ATHENA_QUERY_CANCELLED");

  private final AthenaQueries queries;
  private final RunFiles files;
  private final String location;
  private final String catalog;
  private final String database;
  private final Consumer<AthenaQueries.Progress> progress;

  /**
   * @param queryId absent while it has not been started
   * @param statement digest of what is selected
   */
  record Started(Optional<String> queryId, String statement) {}

  /**
   * A complete attempt.
   *
   * @param statement digest of what was selected
   */
  record Complete(String queryId, long bytesScanned, String statement, List<PinnedFile> files) {
    Complete {
      files = List.copyOf(files);
    }
  }

  Unload(
      AthenaQueries queries,
      OfflineSettings settings,
      String run,
      String catalog,
      String database,
      Configuration hadoop,
      Consumer<AthenaQueries.Progress> progress) {
    this.queries = queries;
    this.location = settings.unloadLocation().orElseThrow() + "/" + run;
    this.files = new RunFiles(settings.path(location), hadoop);
    this.catalog = catalog;
    this.database = database;
    this.progress = progress;
  }

  /**
   * The files of a statement: those of a complete attempt, or of a new one.
   *
   * @param name of the stage, a word
   * @param select a query
   * @param what what it is for, as in "unload feature group flights"
   */
  Complete stage(String name, String select, String what) {
    String digest = new Digest().add(catalog).add(database).add(select).hex();
    int last = 0;
    for (int attempt : attempts(name)) {
      Optional<Complete> complete = complete(name, attempt, digest);
      if (complete.isPresent()) {
        return complete.get();
      }
      discard(name, attempt, what);
      last = Math.max(last, attempt);
    }
    for (int attempt = last + 1; ; attempt++) {
      try {
        return attempt(name, attempt, select, digest, what);
      } catch (FsMigrateException e) {
        // Of a query that may still be running only a later call can tell what became of it.
        if (!ENDED.contains(e.code())) {
          throw e;
        }
        discard(name, attempt, what);
        boolean again = e.code().equals(FAILED) && e.exitCode() == ExitCode.UNAVAILABLE;
        if (!again || attempt - last >= ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Complete attempt(String name, int attempt, String select, String digest, String what) {
    String place = name + "-" + attempt;
    files.write(place + ".started.json", new Started(Optional.empty(), digest));
    String sql =
        "UNLOAD (%s) TO '%s/%s/' WITH (format = 'PARQUET', compression = 'SNAPPY')"
            .formatted(select, location.replace("'", "''"), place);
    String token = new Digest().add(location).add(place).add(digest).hex();
    String query = queries.start(new AthenaQueries.Statement(what, sql, catalog, database, token));
    files.write(place + ".started.json", new Started(Optional.of(query), digest));
    AthenaQueries.Finished finished = queries.await(query, what, progress);
    Complete complete = new Complete(query, finished.bytesScanned(), digest, files.files(place));
    files.write(place + ".json", complete);
    return complete;
  }

  private List<Integer> attempts(String name) {
    Pattern place = Pattern.compile(Pattern.quote(name) + "-(\\d+)(\\.started\\.json|\\.json)?");
    return files.names().stream()
        .map(place::matcher)
        .filter(Matcher::matches)
        .map(match -> Integer.valueOf(match.group(1)))
        .distinct()
        .sorted()
        .toList();
  }

  private Optional<Complete> complete(String name, int attempt, String digest) {
    String place = name + "-" + attempt;
    return files
        .read(place + ".json", Complete.class)
        .filter(complete -> complete.statement().equals(digest))
        .filter(complete -> lengths(complete.files()).equals(lengths(files.files(place))));
  }

  private static List<String> lengths(List<PinnedFile> files) {
    return files.stream().map(file -> file.path() + " " + file.length()).toList();
  }

  /**
   * Stops an attempt that may still be writing, and removes what it wrote. That it was started
   * stays on record: under the same number Athena would take the next one for the same request, and
   * answer with the query that failed.
   */
  private void discard(String name, int attempt, String what) {
    String place = name + "-" + attempt;
    files.remove(place + ".json");
    files
        .read(place + ".started.json", Started.class)
        .flatMap(Started::queryId)
        .ifPresent(query -> queries.cancel(query, what));
    files.remove(place);
  }

  /** Removes everything of the run, and cancels what is still being written. */
  void remove() {
    for (String name : files.names()) {
      if (name.endsWith(".started.json")) {
        String place = name.substring(0, name.length() - ".started.json".length());
        if (files.read(place + ".json", Complete.class).isEmpty()) {
          files
              .read(name, Started.class)
              .flatMap(Started::queryId)
              .ifPresent(query -> queries.cancel(query, "remove " + location));
        }
      }
    }
    files.removeAll();
  }
}
