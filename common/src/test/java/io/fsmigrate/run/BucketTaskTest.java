package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** One bucket for two stores, each a database of its own. */
class BucketTaskTest {
  private static final int BUCKET = 3;
  private static final int BATCH = 50;

  /** Every third row stands for two. */
  private static final int ROWS = 30_000;

  private static final VersionedGroup TARGET =
      new VersionedGroup(
          "readings",
          new FeatureVersion("1.0.0"),
          new FeatureSchema(
              List.of(
                  new Feature("sensor", new FeatureType("string")),
                  new Feature("seen", new FeatureType("timestamp")))),
          "sensor",
          "seen",
          List.of(),
          List.of());

  @TempDir private Path directory;

  private OnlineStoreDefinition first;
  private OnlineStoreDefinition second;
  private LeaseTicket ticket;

  @BeforeEach
  void prepare() {
    String warehouse = directory.resolve("warehouse").toString();
    ticket = Leases.ticket(warehouse, Leases.of(warehouse, Duration.ofSeconds(15)));
    first = store("first");
    second = store("second");
    OnlineStores.of(first).prepare(TARGET);
    OnlineStores.of(second).prepare(TARGET);
  }

  private OnlineStoreDefinition store(String name) {
    return new OnlineStoreDefinition(
        name, "sqlite", Map.of("path", file(name).toString(), "table", "readings"));
  }

  private Path file(String name) {
    return directory.resolve(name + ".db");
  }

  private static StoreWork work(OnlineStoreDefinition store, int... open) {
    BitSet buckets = new BitSet();
    IntStream.of(open).forEach(buckets::set);
    return new StoreWork(store, new WriteContext("run", 1, 1), buckets);
  }

  private BucketTask task(StoreWork... stores) {
    return new BucketTask(List.of(stores), TARGET, BATCH, ticket);
  }

  private static Iterator<Row> rows(int number) {
    return IntStream.range(0, number)
        .mapToObj(
            i ->
                (Row)
                    RowFactory.create(
                        "s-" + i, Instant.ofEpochSecond(1_767_225_600L + i), i % 3 == 0 ? 2L : 1L))
        .iterator();
  }

  private static BucketOutcome write(BucketTask task, Iterator<Row> rows) {
    return task.write(BUCKET, CollectionConverters.asScala(rows));
  }

  private static long count(OnlineStoreDefinition definition) {
    OnlineStore store = OnlineStores.of(definition);
    OptionalLong count = store.count(TARGET);
    return count.orElseThrow();
  }

  @Test
  void everyStoreThatLacksTheBucketGetsItAndCountsForItself() {
    BucketOutcome both = write(task(work(first, BUCKET), work(second, 1, BUCKET)), rows(ROWS));
    BucketOutcome one = write(task(work(first, 1), work(second, BUCKET)), rows(ROWS));

    assertThat(both.failures()).isEmpty();
    assertThat(both.results())
        .containsExactly(
            new BucketResult("first", BUCKET, ROWS, ROWS / 3, ROWS, 0, 0, List.of()),
            new BucketResult("second", BUCKET, ROWS, ROWS / 3, ROWS, 0, 0, List.of()));
    assertThat(one.results()).extracting(BucketResult::store).containsExactly("second");
    assertThat(count(first)).isEqualTo(ROWS);
    assertThat(count(second)).isEqualTo(ROWS);
  }

  @Test
  void aStoreThatTakesNothingDoesNotKeepTheOtherFromItsRecords() throws Exception {
    Files.delete(file("first"));
    Files.createDirectory(file("first"));

    BucketOutcome outcome = write(task(work(first, BUCKET), work(second, BUCKET)), rows(ROWS));

    assertThat(outcome.results()).extracting(BucketResult::store).containsExactly("second");
    assertThat(outcome.failures()).hasSize(1);
    assertThat(outcome.failures().get(0).store()).isEqualTo("first");
    assertThat(outcome.failures().get(0).exception().getMessage()).contains("first.db");
    assertThat(outcome.failures().get(0).exitCode()).isNotEqualTo(ExitCode.DEFECT);
    assertThat(count(second)).isEqualTo(ROWS);
  }

  /** What a task holds of a bucket is bounded by the queue, however slow a store is. */
  @Test
  void theInputWaitsForTheSlowestStore() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    Iterator<Row> all = rows(ROWS);
    Iterator<Row> counted =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Row next() {
            taken.incrementAndGet();
            return all.next();
          }
        };
    CompletableFuture<BucketOutcome> writing;
    int whileWaiting;
    try (Connection locked = DriverManager.getConnection("jdbc:sqlite:" + file("first"));
        Statement statement = locked.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      writing =
          CompletableFuture.supplyAsync(
              () -> write(task(work(first, BUCKET), work(second, BUCKET)), counted));
      whileWaiting = settled(taken);
      statement.execute("ROLLBACK");
    }
    BucketOutcome outcome = writing.get(1, TimeUnit.MINUTES);

    assertThat(whileWaiting).isBetween(8_000, 9_000);
    assertThat(outcome.failures()).isEmpty();
    assertThat(taken).hasValue(ROWS);
    assertThat(count(first)).isEqualTo(ROWS);
    assertThat(count(second)).isEqualTo(ROWS);
  }

  /** The number once the queue must be full, and a while later. */
  private static int settled(AtomicInteger number) throws InterruptedException {
    while (number.get() < 8_000) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    TimeUnit.SECONDS.sleep(1);
    return number.get();
  }

  /** A defect of one store's writer is told as one, and leaves the other its records. */
  @Test
  void aDefectIsToldAsOne() {
    Iterator<Row> broken =
        List.<Row>of(RowFactory.create("s-1", Instant.EPOCH, "no number of rows")).iterator();

    BucketOutcome outcome = write(task(work(first, BUCKET)), broken);

    assertThat(outcome.results()).isEmpty();
    assertThat(outcome.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.DEFECT);
              assertThat(failure.message()).contains("online store first", "ClassCastException");
            });
    assertThat(count(first)).isZero();
  }

  @Test
  void aBucketThatCannotBeReadToItsEndIsInNoStore() {
    Iterator<Row> good = rows(ROWS);
    Iterator<Row> breaking =
        new Iterator<>() {
          private int left = 20_000;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Row next() {
            if (left-- == 0) {
              throw new IllegalStateException("the shuffle is lost");
            }
            return good.next();
          }
        };

    assertThatThrownBy(() -> write(task(work(first, BUCKET), work(second, BUCKET)), breaking))
        .hasMessage("the shuffle is lost");
    assertThat(count(first)).isZero();
    assertThat(count(second)).isZero();
  }

  @Test
  void aBucketIsGivenUpWhenItsRunIsTakenOver() {
    StateTable ledger =
        new StateTable(
            ticket.warehouse() + "/_fs_migrate/runs", new Configuration(), Clock.systemUTC());
    Iterator<Row> some = rows(1_000);
    Instant end = Instant.now().plusSeconds(60);
    Iterator<Row> endless =
        new Iterator<>() {
          private Row last;

          @Override
          public boolean hasNext() {
            return Instant.now().isBefore(end);
          }

          @Override
          public Row next() {
            if (some.hasNext()) {
              last = some.next();
            } else {
              // As another process would do it that takes the run up.
              ledger
                  .find("lock/main:visits")
                  .ifPresent(
                      held ->
                          ledger.commit(
                              StateChange.builder().remove("lock/main:visits", held).build()));
            }
            return last;
          }
        };

    assertThatThrownBy(() -> write(task(work(first, BUCKET)), endless))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("LOCK_LOST"));
    assertThat(count(first)).isZero();
  }
}
