package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  private final List<String> done = new ArrayList<>();

  private Interruption interruption(boolean atWork, Duration limit, Runnable halted) {
    return new Interruption(
        () -> {
          done.add("recorded");
          return atWork;
        },
        code -> done.add("exit " + code),
        code -> {
          done.add("halt " + code);
          halted.run();
        },
        limit,
        done::add);
  }

  @Test
  void theFirstSignalEndsTheProcessAndTheSecondDoesNotWait() {
    Interruption interruption = interruption(true, Duration.ofHours(1), () -> {});

    interruption.signalled();
    assertThat(done)
        .containsExactly(
            "interrupted: recording what is done; a second signal leaves at once", "exit 130");
    interruption.signalled();
    assertThat(done).last().isEqualTo("halt 130");
  }

  @Test
  void aRunThatWasAtWorkIsRecordedBeforeTheProcessEnds() {
    interruption(true, Duration.ofHours(1), () -> {}).ending();

    assertThat(done).containsExactly("recorded", "halt 130");
  }

  @Test
  void aProcessWithoutARunEndsAsItWould() {
    interruption(false, Duration.ofHours(1), () -> {}).ending();

    assertThat(done).containsExactly("recorded");
  }

  @Test
  void recordingHasALimit() throws InterruptedException {
    CountDownLatch halted = new CountDownLatch(1);

    interruption(true, Duration.ofMillis(10), halted::countDown).signalled();

    assertThat(halted.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
