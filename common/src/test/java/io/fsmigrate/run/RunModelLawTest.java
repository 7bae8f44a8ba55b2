package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.SharedSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Whatever is migrated, in whatever order and however often the process ends in between, the branch
 * and the online store hold what a model of a few lines says, and readers see nothing of a run or
 * all of it.
 *
 * <p>Three warehouses are tried; {@code -Dlaws.tries=50} tries more.
 */
class RunModelLawTest {
  private static final StructType RAW =
      StructType.fromDDL("id string, at timestamp, n bigint, x double");
  private static final List<Object> IDS =
      IntStream.range(0, 5).<Object>mapToObj(i -> "r" + i).toList();
  private static final long NOON = 1_767_225_600L;

  private static SharedSession shared;

  /** A row of the source. */
  record In(String id, Long at, Long n, Double x) {
    Row row() {
      return RowFactory.create(id, at == null ? null : Timestamp.from(time()), n, x);
    }

    Instant time() {
      return Instant.ofEpochSecond(NOON + at);
    }
  }

  /** A row of the target, as the migration and the contract make it. */
  record Out(String id, Instant at, Integer n, Double x, Boolean big) {
    /** The newest wins; at one time, the greater by its features in their order, null first. */
    static final Comparator<Out> NEWEST =
        Comparator.comparing(Out::at)
            .thenComparing(Out::n, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Out::x, Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  /**
   * One run.
   *
   * @param files that the rows are spread over
   * @param ends the number of the event at which each process ends, until one is left in peace
   */
  record Run(List<In> rows, int files, boolean replaces, List<Integer> ends) {}

  /** What a few lines say that a warehouse holds. */
  private static final class Model {
    private List<Out> table = new ArrayList<>();

    /** The failed rows by code; changes nothing where there are too many. */
    Map<String, Long> apply(Run run) {
      Map<String, Long> failed = new TreeMap<>();
      List<Out> accepted = new ArrayList<>();
      for (In in : run.rows()) {
        Optional<String> failure = failure(in);
        failure.ifPresent(code -> failed.merge(code, 1L, Long::sum));
        if (failure.isEmpty()) {
          Integer n = in.n() == null ? null : in.n().intValue();
          accepted.add(new Out(in.id(), in.time(), n, in.x(), n == null ? null : n >= 1000));
        }
      }
      if (2 * failed.values().stream().mapToLong(v -> v).sum() <= run.rows().size()) {
        List<Out> before = run.replaces() ? List.of() : table;
        List<Out> after = new ArrayList<>(before);
        accepted.stream().filter(out -> !before.contains(out)).forEach(after::add);
        table = after;
      }
      return failed;
    }

    private static Optional<String> failure(In in) {
      if (in.n() != null && in.n() != in.n().intValue()) {
        return Optional.of("CAST");
      }
      if (in.id() == null) {
        return Optional.of("RECORD_IDENTIFIER_MISSING");
      }
      if (in.at() == null) {
        return Optional.of("EVENT_TIME_MISSING");
      }
      return in.n() != null && in.n() < 0 ? Optional.of("CONTRACT") : Optional.empty();
    }

    List<String> table() {
      return table.stream().map(RunModelLawTest::text).sorted().toList();
    }

    List<String> online() {
      Map<String, Out> newest = new TreeMap<>();
      table.forEach(
          out -> newest.merge(out.id(), out, (a, b) -> Out.NEWEST.compare(a, b) >= 0 ? a : b));
      return newest.values().stream().map(RunModelLawTest::text).sorted().toList();
    }
  }

  private static String text(Out out) {
    return List.of(
            out.id(),
            out.at(),
            String.valueOf(out.n()),
            String.valueOf(out.x()),
            String.valueOf(out.big()))
        .toString();
  }

  @BeforeContainer
  static void start() {
    shared = SharedSession.start();
  }

  @AfterContainer
  static void stop() throws IOException {
    shared.close();
  }

  @Provide
  Arbitrary<List<List<Run>>> histories() {
    return runs().list().ofSize(Integer.getInteger("laws.tries", 3));
  }

  private static Arbitrary<List<Run>> runs() {
    Arbitrary<In> row =
        Combinators.combine(
                Arbitraries.of("r0", "r1", "r2", "r3", "r4").injectNull(0.04),
                Arbitraries.of(0L, 60L, 3600L).injectNull(0.04),
                Arbitraries.frequency(
                        Tuple.of(10, 5L),
                        Tuple.of(10, 1000L),
                        Tuple.of(5, 7L),
                        Tuple.of(2, -1L),
                        Tuple.of(2, 3_000_000_000L))
                    .injectNull(0.1),
                Arbitraries.of(0.5, 2.0, Double.NaN).injectNull(0.1))
            .as(In::new);
    Arbitrary<Run> run =
        Combinators.combine(
                row.list().ofMinSize(1).ofMaxSize(40),
                Arbitraries.integers().between(1, 4),
                Arbitraries.of(false, false, true),
                Arbitraries.integers().between(1, 14).list().ofMaxSize(3))
            .as(Run::new);
    return run.list().ofMinSize(2).ofMaxSize(3);
  }

  // A failing example is shown as it is: shrinking would migrate for hours.
  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void whateverHappensTheWarehouseHoldsWhatTheModelSays(
      @ForAll("histories") List<List<Run>> histories) throws IOException {
    for (List<Run> runs : histories) {
      check(runs);
    }
  }

  private void check(List<Run> runs) throws IOException {
    Path directory = Files.createTempDirectory("fs-migrate-model-");
    try {
      MigrationHouse house = new MigrationHouse(directory, shared.spark());
      Model model = new Model();
      for (int i = 0; i < runs.size(); i++) {
        check(house, model, runs.get(i), "rows" + i);
      }
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private void check(MigrationHouse house, Model model, Run run, String name) {
    List<String> before = model.table();
    Map<String, Long> failed = model.apply(run);
    boolean stops = 2 * failed.values().stream().mapToLong(v -> v).sum() > run.rows().size();
    String source = parquet(house, run, name);
    MigrateRequest request =
        request(source, "visits@2.0.0", run.replaces() ? WriteMode.REPLACE : WriteMode.APPEND);
    Optional<RunReport> report = Optional.empty();
    Optional<String> id = Optional.empty();
    List<Integer> ends = new ArrayList<>(run.ends());
    while (report.isEmpty()) {
      RunListener listener = ends.isEmpty() ? event -> {} : endingAt(ends.remove(0));
      Optional<String> resumed = id;
      try {
        report =
            Optional.of(
                resumed.isPresent()
                    ? house.resume(resumed.get(), listener)
                    : house.migrate(request, listener));
      } catch (Ended e) {
        id = Optional.of(house.newestRun().id());
        assertThat(visible(house)).as("readers see nothing, or all").isIn(before, model.table());
      } catch (FsMigrateException e) {
        assertThat(stops).as(e.getMessage()).isTrue();
        assertThat(e.exitCode()).isEqualTo(ExitCode.TOO_MANY_FAILURES);
        assertThat(visible(house)).isEqualTo(before).isEqualTo(model.table());
        return;
      }
    }
    assertThat(stops).isFalse();
    RunReport done = report.get();
    assertThat(visible(house)).isEqualTo(model.table());
    assertThat(online(house)).isEqualTo(model.online());
    assertThat(codes(house, done.run())).isEqualTo(failed);
    assertThat(done.offline()).containsEntry("read", (long) run.rows().size());
    assertThat(done.exitCode()).isEqualTo(failed.isEmpty() ? 0 : 3);
    if (!failed.isEmpty()) {
      RunReport again = house.resume(done.run(), event -> {});
      assertThat(again.offline()).isEqualTo(done.offline());
      assertThat(again.online()).isEqualTo(done.online());
      assertThat(visible(house)).isEqualTo(model.table());
      assertThat(codes(house, done.run())).isEqualTo(failed);
    } else {
      assertThatThrownBy(() -> house.resume(done.run(), event -> {}))
          .hasMessageContaining(done.run());
    }
  }

  /** How a process ends that nobody waits for. */
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static RunListener endingAt(int number) {
    AtomicInteger events = new AtomicInteger();
    return event -> {
      if (events.incrementAndGet() == number) {
        throw new Ended();
      }
    };
  }

  private static String parquet(MigrationHouse house, Run run, String name) {
    Path path = house.dir().resolve(name);
    SparkSession session = house.session();
    session
        .createDataFrame(run.rows().stream().map(In::row).toList(), RAW)
        .repartition(run.files())
        .write()
        .parquet(path.toString());
    return "parquet:" + path;
  }

  private static List<String> visible(MigrationHouse house) {
    if (house.branches().head("main").isEmpty()) {
      return List.of();
    }
    return house.visible("main").collectAsList().stream()
        .map(RunModelLawTest::text)
        .sorted()
        .toList();
  }

  private static String text(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      values.add(String.valueOf(row.get(i)));
    }
    return values.toString();
  }

  private static List<String> online(MigrationHouse house) {
    return house.online("2.0.0", IDS);
  }

  private static Map<String, Long> codes(MigrationHouse house, String run) {
    Map<String, Long> codes = new TreeMap<>();
    if (!house.failed(run).isEmpty()) {
      house
          .failedRecords(run)
          .collectAsList()
          .forEach(row -> codes.merge(row.getString(row.fieldIndex("code")), 1L, Long::sum));
    }
    return codes;
  }
}
