package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.online.restraint.RateSchedule.Reservation;
import org.junit.jupiter.api.Test;

class RateScheduleTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 5 * SECOND;
  private final RateSchedule schedule = new RateSchedule(100, () -> now);

  @Test
  void startsArePacedAndDoNotComeAllAtOnceAfterAPause() {
    for (int i = 0; i < 10; i++) {
      schedule.reserve(1);
    }
    now += 10 * SECOND;
    long first = schedule.reserve(1).at();
    long fifth = 0;
    for (int i = 0; i < 4; i++) {
      fifth = schedule.reserve(1).at();
    }
    assertThat(first).isEqualTo(now);
    // Of the pause, two hundredths of a second are made up for.
    assertThat(fifth - first).isBetween(SECOND / 50 - 1, SECOND / 25);
  }

  @Test
  void aCallDearerThanASecondStartsAloneAndIsPaidFor() {
    long first = schedule.reserve(250).at();
    long second = schedule.reserve(250).at();
    long third = schedule.reserve(1).at();
    assertThat(second - first).isGreaterThan(2 * SECOND).isLessThan(3 * SECOND);
    assertThat(third - second).isGreaterThan(2 * SECOND).isLessThan(3 * SECOND);
  }

  @Test
  void whatIsGivenBackGoesToTheNext() {
    Reservation unused = null;
    for (int i = 0; i < 100; i++) {
      unused = schedule.reserve(1);
    }
    schedule.giveBack(unused.id(), 5);
    assertThat(schedule.reserve(1).at()).isEqualTo(unused.at());
    schedule.giveBack(-1, 100);
    assertThat(schedule.reserve(1).at()).isGreaterThan(unused.at());
  }
}
