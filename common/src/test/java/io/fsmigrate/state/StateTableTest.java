package io.fsmigrate.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTableTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final Configuration configuration = new Configuration();

  @TempDir Path directory;

  private StateTable open() {
    return open(StateOptions.DEFAULTS);
  }

  private StateTable open(StateOptions options) {
    return new StateTable(
        directory.resolve("a table").toString(), configuration, Clock.systemUTC(), options);
  }

  private static StateOptions upkeep(int interval, int slack, Duration age) {
    return new StateOptions(interval, slack, age, 50);
  }

  private static StateRow row(String id) {
    return new StateRow(id, "note", NOON, "{\"of\":\"" + id + "\"}");
  }

  private List<String> log() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("a table/_delta_log"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void count(StateTable table, String key, int times) {
    for (int i = 0; i < times; i++) {
      Optional<String> before = table.find(key);
      String after = String.valueOf(before.map(Integer::parseInt).orElse(0) + 1);
      table.commit(StateChange.builder().put(key, before, after).build());
    }
  }

  @Test
  void readingCreatesNothing() {
    StateTable table = open();

    assertThat(table.version()).isEqualTo(-1);
    assertThat(table.find("k")).isEmpty();
    assertThat(table.all("")).isEmpty();
    assertThat(table.rows()).isEmpty();
    assertThat(table.row("r")).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aCommitIsSeenByOthersAsAWhole() {
    StateTable mine = open();
    StateTable theirs = open();
    assertThat(theirs.all("")).isEmpty();

    long version =
        mine.commit(
            StateChange.builder()
                .create("ref/main", "{\"head\":\"ä \\\"x\\\"\"}")
                .create("ref/other", "1")
                .create("lock/main", "2")
                .append(row("r1"))
                .append(row("r2"))
                .build());

    assertThat(version).isZero();
    assertThat(theirs.version()).isZero();
    assertThat(theirs.find("ref/main")).contains("{\"head\":\"ä \\\"x\\\"\"}");
    assertThat(theirs.all("ref/")).containsOnlyKeys("ref/main", "ref/other");
    assertThat(theirs.rows()).containsExactlyInAnyOrder(row("r1"), row("r2"));
    assertThat(theirs.row("r2")).contains(row("r2"));
    assertThat(theirs.row("r3")).isEmpty();
  }

  @Test
  void aRemovedKeyIsAbsentAndCanComeBack() {
    StateTable table = open();
    table.commit(StateChange.builder().create("k", "1").build());
    table.commit(StateChange.builder().remove("k", "1").build());
    assertThat(open().all("")).isEmpty();

    table.commit(StateChange.builder().create("k", "2").build());
    assertThat(open().find("k")).contains("2");
  }

  @Test
  void aKeyThatMovedIsAConflictAndNothingIsWritten() {
    StateTable table = open();
    table.commit(StateChange.builder().create("k", "1").build());

    assertThatExceptionOfType(StateConflictException.class)
        .isThrownBy(
            () ->
                open()
                    .commit(
                        StateChange.builder()
                            .create("other", "x")
                            .put("k", Optional.of("0"), "2")
                            .append(row("lost"))
                            .build()))
        .satisfies(
            conflict -> {
              assertThat(conflict.key()).isEqualTo("k");
              assertThat(conflict.expected()).contains("0");
              assertThat(conflict.actual()).contains("1");
            });
    assertThat(open().all("")).isEqualTo(Map.of("k", "1"));
    assertThat(open().rows()).isEmpty();
    assertThat(open().version()).isZero();
  }

  @Test
  void creatingAPresentKeyAndRemovingAnAbsentOneAreConflicts() {
    StateTable table = open();
    table.commit(StateChange.builder().create("k", "1").build());

    assertThatThrownBy(() -> table.commit(StateChange.builder().create("k", "1").build()))
        .isInstanceOf(StateConflictException.class)
        .hasMessageContaining("k is 1, expected absent");
    assertThatThrownBy(() -> table.commit(StateChange.builder().remove("z", "1").build()))
        .isInstanceOf(StateConflictException.class)
        .hasMessageContaining("z is absent, expected 1");
  }

  @Test
  void anExpectedKeyGuardsAChangeOfAnother() {
    StateTable table = open();
    table.commit(StateChange.builder().create("lock", "me").build());

    table.commit(StateChange.builder().expect("lock", Optional.of("me")).create("k", "1").build());
    assertThatThrownBy(
            () ->
                table.commit(
                    StateChange.builder()
                        .expect("lock", Optional.of("you"))
                        .put("k", Optional.of("1"), "2")
                        .build()))
        .isInstanceOf(StateConflictException.class);
    assertThat(table.find("k")).contains("1");
  }

  @Test
  void writersOfDifferentKeysDoNotDisturbEachOther() {
    StateTable mine = open();
    StateTable theirs = open();
    mine.commit(StateChange.builder().create("k", "1").build());
    assertThat(theirs.find("k")).contains("1");
    mine.commit(StateChange.builder().create("mine", "1").append(row("m")).build());
    theirs.commit(StateChange.builder().create("theirs", "1").append(row("t")).build());
    mine.commit(StateChange.builder().create("mine2", "1").build());

    assertThat(open().all("")).containsOnlyKeys("k", "mine", "mine2", "theirs");
    assertThat(open().rows()).containsExactlyInAnyOrder(row("m"), row("t"));
  }

  @Test
  void oneRowIsReadWithoutReadingTheFilesOfOthers() throws IOException {
    StateTable table = open();
    for (String id : List.of("a", "b", "c")) {
      table.commit(StateChange.builder().append(row(id)).build());
    }
    try (Stream<Path> files = Files.list(directory.resolve("a table"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet"))).hasSize(3);
    }
    // What does not open is not read: every file but that of "b" is made unreadable.
    try (Stream<Path> files = Files.list(directory.resolve("a table"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        byte[] content = Files.readAllBytes(file);
        if (!new String(content, java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("{\"of\":\"b\"}")) {
          Files.write(file, new byte[content.length]);
        }
      }
    }

    assertThat(open().row("b")).contains(row("b"));
    assertThatThrownBy(() -> open().row("a"))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("STATE_NOT_READABLE"));
  }

  @Test
  void longIdsBeyondTheBoundsOfStatisticsAreFound() {
    StateTable table = open();
    String common = "0123456789".repeat(6);
    List<String> ids = List.of(common + "é", common + "\uD83D\uDE00", common + "z", common);
    ids.forEach(id -> table.commit(StateChange.builder().append(row(id)).build()));

    assertThat(ids).allSatisfy(id -> assertThat(open().row(id)).contains(row(id)));
  }

  @Test
  void ofRowsWithOneIdTheNewestIsFound() {
    StateTable table = open();
    StateRow newer = new StateRow("r", "note", NOON.plusNanos(1_500), "\"newer\"");
    table.commit(StateChange.builder().append(newer).append(row("r")).build());

    assertThat(table.row("r")).contains(newer);
    assertThat(newer.at()).isEqualTo(NOON.plusNanos(1_000));
  }

  @Test
  void theLogIsCheckpointedAndStaysShort() throws IOException {
    StateOptions options = upkeep(5, 3, Duration.ZERO);
    StateTable table = open(options);
    table.commit(StateChange.builder().create("kept", "x").append(row("r")).build());
    table.commit(StateChange.builder().create("gone", "x").build());
    table.commit(StateChange.builder().remove("gone", "x").build());
    count(table, "n", 30);

    assertThat(table.version()).isEqualTo(32);
    assertThat(log())
        .contains("00000000000000000029.checkpoint.parquet", "_last_checkpoint")
        .contains("00000000000000000026.json", "00000000000000000032.json")
        .doesNotContain("00000000000000000025.json", "00000000000000000000.json")
        .doesNotContain("00000000000000000024.checkpoint.parquet")
        .noneMatch(name -> name.endsWith(".crc") || name.endsWith(".tmp"));
    assertThat(open().all("")).isEqualTo(Map.of("kept", "x", "n", "30"));
    assertThat(open().row("r")).contains(row("r"));
    count(open(options), "n", 1);
    assertThat(table.find("n")).contains("31");
  }

  @Test
  void youngLogFilesAreKeptWhateverTheirVersion() throws IOException {
    count(open(upkeep(2, 0, Duration.ofHours(1))), "n", 9);

    assertThat(log()).contains("00000000000000000000.json", "00000000000000000008.json");
  }

  @Test
  void whatKilledWritersLeftIsIgnoredAndCleanedUp() throws IOException {
    StateTable table = open(upkeep(3, 0, Duration.ofMinutes(1)));
    count(table, "n", 1);
    Path old = directory.resolve("a table/_delta_log/.00000000000000000001.json.x.tmp");
    Path young = directory.resolve("a table/_delta_log/.00000000000000000001.json.y.tmp");
    Files.writeString(old, "{\"torn");
    Files.writeString(young, "{\"torn");
    Files.setLastModifiedTime(
        old, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(120)));

    assertThat(open().find("n")).contains("1");
    count(table, "n", 4);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aReaderThatSleptThroughACleanUpFindsTheNewestState() {
    StateOptions options = upkeep(2, 0, Duration.ZERO);
    StateTable sleeper = open(options);
    count(sleeper, "n", 1);
    StateTable rows = open(options);
    assertThat(rows.rows()).isEmpty();
    count(open(options), "n", 20);

    assertThat(sleeper.find("n")).contains("21");
    count(sleeper, "n", 1);
    assertThat(open().find("n")).contains("22");
    assertThat(rows.version()).isEqualTo(21);
  }

  @Test
  void aTableThatWasDeletedIsEmptyAgain() throws IOException {
    StateTable table = open();
    count(table, "n", 2);
    try (Stream<Path> files = Files.walk(directory.resolve("a table"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertThat(table.find("n")).isEmpty();
    count(table, "n", 1);
    assertThat(open().find("n")).contains("1");
  }

  @Test
  void aMissingVersionIsAnErrorAndNotANewTable() throws IOException {
    StateTable table = open();
    count(table, "n", 3);
    Files.delete(directory.resolve("a table/_delta_log/00000000000000000000.json"));

    assertThatThrownBy(() -> open().find("n"))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("STATE_NOT_READABLE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(e).hasMessageContaining("a table: cannot read the state table");
            });
  }

  @Test
  void aTableThatCannotBeWrittenSaysWhere() throws IOException {
    Files.writeString(directory.resolve("a table"), "a file in the way");

    assertThatThrownBy(() -> count(open(), "n", 1))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(e).hasMessageContaining(directory.resolve("a table").toString());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/w", "s3a://bucket/w", "gs://bucket/w"})
  void objectStoresAreRefused(String path) {
    assertThatThrownBy(() -> new StateTable(path, configuration, Clock.systemUTC()))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("STATE_STORE_NOT_SUPPORTED");
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e).hasMessageStartingWith(path + ": ");
            });
  }

  @Test
  void aRelativePathFollowsTheDefaultFileSystem() {
    Configuration remote = new Configuration();
    remote.set("fs.defaultFS", "s3a://bucket");
    assertThatThrownBy(() -> new StateTable("w/refs", remote, Clock.systemUTC()))
        .hasMessageContaining("cannot be kept on s3a");
    assertThat(new StateTable("w/refs", configuration, Clock.systemUTC()).path())
        .isEqualTo("file:" + Path.of("w/refs").toAbsolutePath());
  }

  @Test
  void aHadoopFileSystemIsWrittenByRename() throws IOException {
    configuration.set("fs.viewfs.mounttable.t.link./data", directory.toUri().toString());
    StateOptions options = upkeep(3, 0, Duration.ZERO);
    Clock clock = Clock.fixed(Instant.now().plusSeconds(60), ZoneOffset.UTC);
    StateTable mine = new StateTable("viewfs://t/data/a table", configuration, clock, options);
    StateTable theirs = new StateTable("viewfs://t/data/a table", configuration, clock, options);
    for (int i = 0; i < 5; i++) {
      count(mine, "n", 1);
      count(theirs, "n", 1);
    }
    mine.commit(StateChange.builder().create("k", "v").append(row("r")).build());

    assertThat(theirs.all("")).isEqualTo(Map.of("k", "v", "n", "10"));
    assertThat(theirs.row("r")).contains(row("r"));
    assertThat(log())
        .contains("00000000000000000008.checkpoint.parquet")
        .doesNotContain("00000000000000000001.json");
  }

  @Test
  void aThousandKeysFitInOneCommit() {
    StateChange.Builder change = StateChange.builder();
    IntStream.range(0, 1_000).forEach(i -> change.create("unit/%04d".formatted(i), "{}"));
    open().commit(change.build());

    assertThat(open().all("unit/")).hasSize(1_000).containsKey("unit/0999");
  }

  @Test
  void aChangeNamesEachKeyOnceAndChangesSomething() {
    assertThatThrownBy(() -> StateChange.builder().create("k", "1").remove("k", "1"))
        .hasMessageContaining("twice: k");
    assertThatThrownBy(() -> StateChange.builder().expect("k", Optional.empty()).build())
        .hasMessageContaining("changes nothing");
    assertThatThrownBy(() -> StateChange.builder().create("delta.k", "1").build())
        .hasMessageContaining("Cannot use key 'delta.k'");
    assertThatThrownBy(() -> new StateChange(Map.of(), Map.of("k", Optional.of("1")), List.of()))
        .hasMessageContaining("needs an expectation");
  }
}
