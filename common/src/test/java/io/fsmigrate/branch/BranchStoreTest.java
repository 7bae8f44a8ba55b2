package io.fsmigrate.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BranchStoreTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final TablePointer FLIGHTS_1 = pointer("flights", 0, "1.0.0");
  private static final TablePointer FLIGHTS_2 = pointer("flights-2", 3, "2.0.0");
  private static final TablePointer PORTS = pointer("ports", 7, "1.2.0");

  @TempDir Path warehouse;

  private static TablePointer pointer(String path, long version, String featureVersion) {
    return new TablePointer("/w/" + path, version, new FeatureVersion(featureVersion));
  }

  private BranchStore open() {
    return new BranchStore(
        warehouse.toString(), new Configuration(), Clock.fixed(NOON, ZoneOffset.UTC));
  }

  private static BranchCommit put(
      BranchStore store, String branch, Map<String, TablePointer> puts, String... removes) {
    return store.commit(
        branch,
        store.get(branch).head(),
        "ann",
        "moves " + puts.keySet(),
        Map.of("run", "r1"),
        puts,
        Set.of(removes));
  }

  @Test
  void mainIsThereBeforeAnythingIsWritten() {
    BranchStore store = open();

    assertThat(store.list()).singleElement().isEqualTo(store.find("main").orElseThrow());
    Branch main = store.get("main");
    assertThat(main.type()).isEqualTo(BranchType.MAIN);
    assertThat(main.virtual()).isTrue();
    assertThat(main.head()).isEmpty();
    assertThat(main.sequence()).isZero();
    assertThat(store.head("main")).isEmpty();
    assertThat(store.log("main", 10)).isEmpty();
    assertThat(warehouse).isEmptyDirectory();
  }

  @Test
  void aCommitMovesTheBranchAndKeepsTheRestOfTheManifest() {
    BranchStore store = open();
    BranchCommit first = put(store, "main", Map.of("flights", FLIGHTS_1, "old", PORTS));
    BranchCommit second = put(open(), "main", Map.of("ports", PORTS), "old", "never");

    assertThat(first.parents()).isEmpty();
    assertThat(second.parents()).containsExactly(first.id());
    assertThat(second.tables()).isEqualTo(Map.of("flights", FLIGHTS_1, "ports", PORTS));
    assertThat(second.author()).isEqualTo("ann");
    assertThat(second.message()).isEqualTo("moves [ports]");
    assertThat(second.properties()).isEqualTo(Map.of("run", "r1"));
    assertThat(second.at()).isEqualTo(Instant.parse("2026-11-21T12:00:00.123Z"));
    assertThat(open().head("main")).contains(second);
    Branch main = open().get("main");
    assertThat(main.virtual()).isFalse();
    assertThat(main.head()).contains(second.id());
    assertThat(main.sequence()).isEqualTo(2);
    assertThat(main.createdAt()).isEqualTo(NOON);
    assertThat(UUID.fromString(main.incarnation())).isNotEqualTo(new UUID(0, 0));
  }

  @Test
  void aNewBranchShowsWhatItsOriginShowsAndThenGoesItsOwnWay() {
    BranchStore store = open();
    BranchCommit base = put(store, "main", Map.of("flights", FLIGHTS_1));

    Branch branch = store.create("feature/flights-2", "main", "bob", "try 2.0.0");

    assertThat(branch.type()).isEqualTo(BranchType.FEATURE);
    BranchCommit start = store.head("feature/flights-2").orElseThrow();
    assertThat(start.tables()).isEqualTo(base.tables());
    assertThat(start.parents()).containsExactly(base.id());
    assertThat(start.author()).isEqualTo("bob");
    assertThat(start.message()).isEqualTo("try 2.0.0");
    put(store, "feature/flights-2", Map.of("flights", FLIGHTS_2));
    assertThat(open().head("main").orElseThrow().tables().get("flights")).isEqualTo(FLIGHTS_1);
    assertThat(open().head("feature/flights-2").orElseThrow().tables().get("flights"))
        .isEqualTo(FLIGHTS_2);
    assertThat(open().log("feature/flights-2", 10))
        .extracting(BranchCommit::message)
        .containsExactly("moves [flights]", "try 2.0.0", "moves [flights]");
    assertThat(open().log("feature/flights-2", 2)).hasSize(2);
  }

  @Test
  void aBranchOfAnEmptyMainLeavesMainVirtual() {
    open().create("staging", "main", "bob", "start");

    assertThat(open().get("main").virtual()).isTrue();
    assertThat(open().head("staging").orElseThrow().parents()).isEmpty();
    assertThat(open().head("staging").orElseThrow().tables()).isEmpty();
  }

  @Test
  void branchesAreListedMainFirst() {
    BranchStore store = open();
    store.create("zeta", BranchType.EXPERIMENTAL, "main", "bob", "z");
    store.create("development", "main", "bob", "d");

    assertThat(store.list())
        .extracting(Branch::name)
        .containsExactly("main", "development", "zeta");
    assertThat(store.list()).extracting(Branch::virtual).containsExactly(true, false, false);
    assertThat(store.list().get(1).incarnation()).isNotEqualTo(store.list().get(2).incarnation());
  }

  @Test
  void oneOfTwoWritersFromTheSameHeadIsRefused() {
    BranchStore store = open();
    BranchCommit base = put(store, "main", Map.of("flights", FLIGHTS_1));
    BranchCommit theirs = put(open(), "main", Map.of("ports", PORTS));

    for (Optional<String> stale : List.of(Optional.of(base.id()), Optional.<String>empty())) {
      assertThatThrownBy(
              () ->
                  store.commit(
                      "main", stale, "ann", "late", Map.of(), Map.of("x", PORTS), Set.of()))
          .isInstanceOfSatisfying(
              FsMigrateException.class,
              e -> {
                assertThat(e.code()).isEqualTo("REF_MOVED");
                assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
                assertThat(e)
                    .hasMessageContaining("main: the branch moved from")
                    .hasMessageContaining(theirs.id().substring(0, 12));
              });
    }
    assertThat(open().head("main")).contains(theirs);
    assertThat(open().log("main", 10)).hasSize(2);
  }

  @Test
  void anUnknownBranchNamesTheNearestAndHowToMakeIt() {
    BranchStore store = open();
    store.create("feature/flights-2", "main", "bob", "m");

    for (Runnable use :
        List.<Runnable>of(
            () -> store.head("feature/flihgts-2"),
            () -> store.log("feature/flihgts-2", 1),
            () -> store.create("hotfix/x", "feature/flihgts-2", "bob", "m"),
            () ->
                store.commit(
                    "feature/flihgts-2",
                    Optional.empty(),
                    "a",
                    "m",
                    Map.of(),
                    Map.of(),
                    Set.of()))) {
      assertThatThrownBy(use::run)
          .isInstanceOfSatisfying(
              FsMigrateException.class,
              e -> {
                assertThat(e.code()).isEqualTo("UNKNOWN_BRANCH");
                assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              })
          .hasMessage(
              "feature/flihgts-2: no such branch; did you mean feature/flights-2?\n"
                  + "To make it: fs-migrate branch create feature/flihgts-2");
    }
    assertThatThrownBy(() -> store.get("quite-another"))
        .hasMessageContaining("there are main, feature/flights-2");
    assertThat(store.find("quite-another")).isEmpty();
  }

  @Test
  void aBranchThatIsThereIsNotMadeAgain() {
    BranchStore store = open();
    store.create("staging", "main", "bob", "m");

    for (String name : List.of("staging", "main")) {
      assertThatThrownBy(() -> open().create(name, "main", "bob", "m"))
          .isInstanceOfSatisfying(
              FsMigrateException.class,
              e -> {
                assertThat(e.code()).isEqualTo("BRANCH_EXISTS");
                assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
              });
    }
  }

  @Test
  void commitsThatSayTheSameHaveTheSameIdAndOthersDoNot() {
    Map<String, TablePointer> tables = Map.of("flights", FLIGHTS_1, "ports", PORTS);
    BranchCommit commit = commit(List.of("p"), "ann", "m", Map.of("a", "1", "b", "2"), tables);

    assertThat(commit.id()).matches("[0-9a-f]{64}");
    assertThat(
            commit(
                List.of("p"),
                "ann",
                "m",
                new TreeMap<>(Map.of("b", "2", "a", "1")),
                new TreeMap<>(tables)))
        .isEqualTo(commit);
    assertThat(
            List.of(
                commit(List.of("p", "q"), "ann", "m", commit.properties(), tables).id(),
                commit(List.of("p"), "bob", "m", commit.properties(), tables).id(),
                commit(List.of("p"), "ann", "n", commit.properties(), tables).id(),
                commit(List.of("p"), "ann", "m", Map.of(), tables).id(),
                commit(List.of("p"), "ann", "m", commit.properties(), Map.of()).id(),
                commit.id()))
        .doesNotHaveDuplicates();
  }

  private static BranchCommit commit(
      List<String> parents,
      String author,
      String message,
      Map<String, String> properties,
      Map<String, TablePointer> tables) {
    return BranchCommit.of(
        new io.fsmigrate.state.Json(), parents, author, NOON, message, properties, tables);
  }

  @Test
  void aThousandFeatureGroupsAreOneCommit() {
    Map<String, TablePointer> tables = new TreeMap<>();
    for (int i = 0; i < 1_000; i++) {
      tables.put("group_%04d".formatted(i), pointer("t" + i, i, "1.0.0"));
    }
    BranchStore store = open();
    BranchCommit base = put(store, "main", tables);
    store.create("feature/all", "main", "bob", "m");

    assertThat(base.tables()).hasSize(1_000);
    assertThat(open().head("feature/all").orElseThrow().tables()).isEqualTo(base.tables());
  }

  @Test
  void whoeverIsBehindTheFenceCommitsAndMakesNothing() {
    BranchStore all = new BranchStore(warehouse.toString(), new Configuration(), Clock.systemUTC());
    all.raiseFence("main:flights", 4);
    all.raiseFence("main:flights", 4);
    BranchStore earlier = all.fencedBy("main:flights", 4);
    TablePointer pointer = new TablePointer("/t", 1, new FeatureVersion("1.0.0"));
    BranchCommit first =
        earlier.commit(
            "main", Optional.empty(), "a", "m", Map.of(), Map.of("flights", pointer), Set.of());

    all.raiseFence("main:flights", 9);

    List<ThrowingCallable> attempts =
        List.of(
            () ->
                earlier.commit(
                    "main",
                    Optional.of(first.id()),
                    "a",
                    "m",
                    Map.of(),
                    Map.of(),
                    Set.of("flights")),
            () -> earlier.create("feature/x", "main", "a", "m"),
            () -> all.raiseFence("main:flights", 8));
    for (ThrowingCallable attempt : attempts) {
      assertThatThrownBy(attempt)
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("FENCED_OFF"));
    }
    assertThat(all.head("main")).contains(first);
    assertThat(all.find("feature/x")).isEmpty();
    all.fencedBy("main:flights", 9).create("feature/x", "main", "a", "m");
    all.commit(
        "main", Optional.of(first.id()), "a", "by hand", Map.of(), Map.of(), Set.of("flights"));
  }
}
