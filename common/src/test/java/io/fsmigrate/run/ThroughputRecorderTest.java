package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ThroughputRecorderTest {
  private static final Instant SINCE = Instant.parse("2026-11-21T00:30:00Z");

  private final AtomicLong nanos = new AtomicLong(-5);
  private final ThroughputRecorder recorder = new ThroughputRecorder(SINCE, nanos::get);

  @Test
  void samplesHaveTheRowsOfEachStoreSoFar() {
    tell(RunEvent.Kind.STARTED, "offline", 1_000);
    tell(RunEvent.Kind.SKIPPED, "offline", 40);
    after(1_500);
    tell(RunEvent.Kind.OFFLINE_WRITTEN, "offline", 7);
    tell(RunEvent.Kind.RECORDED, "offline", 60);
    after(500);
    tell(RunEvent.Kind.REF_MOVED, "", 0);
    tell(RunEvent.Kind.RECORDED, "cache", 9);
    tell(RunEvent.Kind.ENDED, "", 0);

    Throughput throughput = recorder.samples();

    assertThat(throughput.since()).contains(SINCE);
    assertThat(throughput.resumed()).isFalse();
    assertThat(throughput.samples())
        .containsExactly(
            new Throughput.Sample(0, Map.of()),
            new Throughput.Sample(0, Map.of("offline", 40L)),
            new Throughput.Sample(1.5, Map.of("offline", 100L)),
            new Throughput.Sample(2, Map.of("offline", 100L, "cache", 9L)));
  }

  @Test
  void aRunThatNothingWasHeardOfHasNoSamples() {
    recorder.resumed();

    assertThat(recorder.samples().samples()).isEmpty();
    assertThat(recorder.samples().resumed()).isTrue();
  }

  /** However many events there are and however they lie in time. */
  @Property(tries = 60)
  void longRunsLeaveAboutAsManySamples(
      @ForAll @IntRange(min = 1, max = 20_000) int events,
      @ForAll @LongRange(max = 5_000) long everyMillis) {
    ThroughputRecorder fresh = new ThroughputRecorder(SINCE, nanos::get);
    for (int i = 0; i < events; i++) {
      after(everyMillis * (i % 7 == 0 ? 3 : 1));
      fresh.on(new RunEvent(RunEvent.Kind.RECORDED, "run", "offline", List.of(), 2));
    }

    List<Throughput.Sample> samples = fresh.samples().samples();

    assertThat(samples).hasSizeLessThanOrEqualTo(ThroughputRecorder.MOST + 1);
    assertThat(samples).extracting(Throughput.Sample::seconds).isSorted();
    assertThat(samples.get(samples.size() - 1).rows()).containsEntry("offline", 2L * events);
    if (events > 4 * ThroughputRecorder.MOST && everyMillis > 0) {
      assertThat(samples).hasSizeGreaterThan(ThroughputRecorder.MOST / 8);
    }
  }

  private void after(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void tell(RunEvent.Kind kind, String store, long rows) {
    recorder.on(new RunEvent(kind, "run", store, List.of(), rows));
  }
}
