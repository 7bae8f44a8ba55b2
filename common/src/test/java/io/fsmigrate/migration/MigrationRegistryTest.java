package io.fsmigrate.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MigrationRegistryTest {
  @Example
  void findsTheChainAndItsReverse() {
    MigrationRegistry registry =
        registry("raw 1.0.0", "1.0.0 1.1.0", "1.1.0 2.0.0", "2.0.0 1.1.0", "1.1.0 1.0.0");

    assertThat(registry.path("g", v("raw"), v("2.0.0")).ids())
        .containsExactly("g:raw->1.0.0", "g:1.0.0->1.1.0", "g:1.1.0->2.0.0");
    assertThat(registry.path("g", v("2.0.0"), v("1.0.0")).ids())
        .containsExactly("g:2.0.0->1.1.0", "g:1.1.0->1.0.0");
    assertThat(registry.path("g", v("1.0.0"), v("1.0.0")).isEmpty()).isTrue();
    assertThat(registry.findPath("g", v("1.0.0"), v("1.0.0")))
        .map(MigrationPath::ids)
        .contains(List.of());
    assertThat(registry.findPath("g", v("1.0.0"), v("2.0.0")))
        .map(MigrationPath::ids)
        .contains(List.of("g:1.0.0->1.1.0", "g:1.1.0->2.0.0"));
  }

  @Example
  void aGapListsWhatIsThere() {
    MigrationRegistry registry =
        registry("1.0.0 1.2.0", "1.0.0 1.1.0", "1.3.0 2.0.0", "1.1.0 1.0.0");

    assertThatThrownBy(() -> registry.path("g", v("1.0.0"), v("2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("NO_MIGRATION_PATH"))
        .hasMessageContaining("g: no migration path from 1.0.0 to 2.0.0")
        .hasMessageContaining("from 1.0.0 there is: 1.1.0, 1.2.0")
        .hasMessageContaining("into 2.0.0 there is: 1.3.0");
    assertThatThrownBy(() -> registry.path("g", v("2.0.0"), v("1.0.0")))
        .hasMessageContaining("from 2.0.0 there is: none; into 1.0.0 there is: 1.1.0")
        .hasMessageContaining("a downgrade needs migrations to lower versions");
    assertThat(registry.findPath("g", v("1.0.0"), v("2.0.0"))).isEmpty();
    assertThat(registry.findPath("other", v("1.0.0"), v("1.1.0"))).isEmpty();
  }

  @Example
  void anUpgradeNeverUsesAReverse() {
    MigrationRegistry registry = registry("1.0.0 3.0.0", "3.0.0 2.0.0");

    assertThat(registry.findPath("g", v("1.0.0"), v("2.0.0"))).isEmpty();
  }

  @Example
  void ambiguityListsTheChoicesAndHowToNameThem() {
    MigrationRegistry registry = registry("1.0.0 2.0.0", "1.0.0 1.1.0", "1.1.0 2.0.0");

    assertThatThrownBy(() -> registry.path("g", v("1.0.0"), v("2.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> assertThat(e.code()).isEqualTo("AMBIGUOUS_MIGRATION_PATH"))
        .hasMessageContaining("1.0.0 -> 1.1.0 -> 2.0.0; 1.0.0 -> 2.0.0")
        .hasMessageContaining("--via 1.1.0 or --via 2.0.0");
    assertThatThrownBy(() -> registry.findPath("g", v("1.0.0"), v("2.0.0")))
        .hasMessageContaining("more than one migration path");
    assertThat(registry.path("g", v("1.0.0"), v("2.0.0"), List.of(v("1.1.0"))).ids())
        .containsExactly("g:1.0.0->1.1.0", "g:1.1.0->2.0.0");
    assertThat(registry.path("g", v("1.0.0"), v("2.0.0"), List.of(v("2.0.0"))).ids())
        .containsExactly("g:1.0.0->2.0.0");
  }

  @Example
  void manyChoicesAreNotAllWalked() {
    // Between each neighbour two ways: 2^20 paths in all.
    List<String> edges = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      edges.add("%d.0.0 %d.5.0".formatted(i, i));
      edges.add("%d.5.0 %d.0.0".formatted(i, i + 1));
      edges.add("%d.0.0 %d.0.0".formatted(i, i + 1));
    }
    MigrationRegistry registry = registry(edges.toArray(String[]::new));

    assertThatThrownBy(() -> registry.path("g", v("0.0.0"), v("20.0.0")))
        .hasMessageContaining("; there may be more");
  }

  @Example
  void viaMustLieOnTheWay() {
    MigrationRegistry registry = registry("1.0.0 1.1.0", "1.1.0 2.0.0");

    for (String via : List.of("0.9.0", "1.0.0", "3.0.0")) {
      assertThatThrownBy(() -> registry.path("g", v("1.0.0"), v("2.0.0"), List.of(v(via))))
          .hasMessageContaining("--via " + via + " does not lie on a way from 1.0.0 to 2.0.0");
    }
    assertThatThrownBy(() -> registry.path("g", v("1.0.0"), v("1.0.0"), List.of(v("1.1.0"))))
        .hasMessageContaining("does not lie on a way");
    assertThatThrownBy(() -> registry.path("g", v("1.0.0"), v("2.0.0"), List.of(v("1.5.0"))))
        .hasMessageContaining("no migration path from 1.0.0 to 1.5.0");
  }

  @Example
  void refusesDuplicatesLoopsAndMigrationsIntoRaw() {
    assertThatThrownBy(() -> registry("1.0.0 1.1.0", "1.0.0 1.1.0"))
        .hasMessageContaining("g:1.0.0->1.1.0: this migration is registered twice");
    assertThatThrownBy(() -> registry("1.0.0 1.0.0"))
        .hasMessageContaining("g:1.0.0->1.0.0: this migration ends where it starts");
    assertThatThrownBy(() -> registry("1.0.0 raw"))
        .hasMessageContaining("nothing migrates into it");
  }

  @Example
  void aPathMustBeConnected() {
    assertThatThrownBy(
            () -> new MigrationPath(List.of(edge("g", "1.0.0 1.1.0"), edge("g", "1.2.0 1.3.0"))))
        .hasMessageContaining("Not connected");
  }

  @Property
  void aPathIsConnectedAndNeverComesBack(
      @ForAll("graphs") Set<String> graph,
      @ForAll("versions") String from,
      @ForAll("versions") String to) {
    List<Migration> all = registry(graph.toArray(String[]::new)).migrations();
    for (List<Migration> path : new PathSearch(all).paths(v(from), v(to))) {
      List<String> passed = new ArrayList<>(List.of(from));
      path.forEach(m -> passed.add(m.to().text()));
      assertThat(passed).doesNotHaveDuplicates().endsWith(to);
      IntStream.range(0, path.size())
          .forEach(i -> assertThat(path.get(i).from().text()).isEqualTo(passed.get(i)));
    }
  }

  @Property
  void thereIsAPathExactlyWhereOneCanWalk(
      @ForAll("graphs") Set<String> graph,
      @ForAll("versions") String from,
      @ForAll("versions") String to) {
    boolean walkable = reachable(graph, from, to);
    boolean found;
    try {
      found = find(graph, from, to).isPresent();
    } catch (FsMigrateException e) {
      assertThat(e.code()).isEqualTo("AMBIGUOUS_MIGRATION_PATH");
      found = true;
    }

    assertThat(found).isEqualTo(walkable);
  }

  @Property
  void otherGroupsAndTheOrderOfRegistrationChangeNothing(
      @ForAll("graphs") Set<String> graph,
      @ForAll("graphs") Set<String> other,
      @ForAll("versions") String from,
      @ForAll("versions") String to) {
    List<Migration> more = new ArrayList<>();
    other.forEach(e -> more.add(edge("h", e)));
    graph.forEach(e -> more.add(0, edge("g", e)));

    assertThat(outcome(new MigrationRegistry(more), from, to))
        .isEqualTo(outcome(registry(graph.toArray(String[]::new)), from, to));
  }

  @Property
  void everyPathCanBeNamedByItsStops(
      @ForAll("graphs") Set<String> graph,
      @ForAll("versions") String from,
      @ForAll("versions") String to) {
    if (v(from).equals(v(to))) {
      return;
    }
    MigrationRegistry registry = registry(graph.toArray(String[]::new));
    for (List<Migration> path : new PathSearch(registry.migrations()).paths(v(from), v(to))) {
      List<FeatureVersion> stops = path.stream().map(Migration::to).toList();
      assertThat(registry.path("g", v(from), v(to), stops).migrations()).isEqualTo(path);
    }
  }

  @Provide
  Arbitrary<String> versions() {
    return Arbitraries.of("raw", "1.0.0", "1.1.0", "1.2.0", "2.0.0", "10.0.0");
  }

  @Provide
  Arbitrary<Set<String>> graphs() {
    return Combinators.combine(versions(), versions())
        .as((from, to) -> from + " " + to)
        .filter(e -> !e.split(" ", 2)[0].equals(e.split(" ", 2)[1]) && !e.endsWith("raw"))
        .set()
        .ofMaxSize(9);
  }

  private static Optional<MigrationPath> find(Set<String> graph, String from, String to) {
    return registry(graph.toArray(String[]::new)).findPath("g", v(from), v(to));
  }

  private static String outcome(MigrationRegistry registry, String from, String to) {
    try {
      return registry.path("g", v(from), v(to)).ids().toString();
    } catch (FsMigrateException e) {
      return e.getMessage();
    }
  }

  /** Walks edges of one direction only, breadth first: a second opinion on the search. */
  private static boolean reachable(Set<String> graph, String from, String to) {
    int direction = Integer.signum(v(to).compareTo(v(from)));
    Set<String> seen = new HashSet<>(Set.of(from));
    for (int i = 0; i < graph.size(); i++) {
      for (String edge : graph) {
        String[] ends = edge.split(" ", 2);
        if (seen.contains(ends[0])
            && Integer.signum(v(ends[1]).compareTo(v(ends[0]))) == direction) {
          seen.add(ends[1]);
        }
      }
    }
    return seen.contains(to);
  }

  private static MigrationRegistry registry(String... edges) {
    return new MigrationRegistry(Arrays.stream(edges).map(e -> edge("g", e)).toList());
  }

  private static Migration edge(String group, String ends) {
    String[] parts = ends.split(" ", 2);
    return new DeclarativeMigration(group, v(parts[0]), v(parts[1]), "", List.of());
  }

  private static FeatureVersion v(String text) {
    return new FeatureVersion(text);
  }
}
