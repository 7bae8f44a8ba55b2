package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DriverClockTest {
  private static final long SECOND = 1_000_000_000L;

  /** The driver's clock is behind by any number, and drifts. */
  @Property(tries = 200)
  void theDriversTimeIsAlwaysBetweenBothBounds(@ForAll long behind, @ForAll long seed) {
    Random random = new Random(seed);
    double drift = (random.nextDouble() - 0.5) * 1e-4;
    DriverClock clock = new DriverClock();
    long now = 0;
    for (int i = 0; i < 50; i++) {
      long answered = now + random.nextLong(SECOND / 10);
      long received = answered + random.nextLong(SECOND / 10);
      clock.exchanged(now, answered + (long) (drift * answered) - behind, received);
      long asked = received + random.nextLong(SECOND);
      long driver = asked + (long) (drift * asked) - behind;
      assertThat(clock.surely(driver, asked) - asked).isGreaterThanOrEqualTo(0);
      assertThat(clock.earliest(driver, asked) - asked).isLessThanOrEqualTo(0);
      now = asked;
    }
  }

  @Test
  void theFastestExchangeTellsMost() {
    DriverClock clock = new DriverClock();
    clock.exchanged(0, 500, 1000);
    clock.exchanged(2000, 2005, 2010);
    clock.exchanged(3000, 3500, 4000);
    assertThat(clock.surely(5000, 4000) - clock.earliest(5000, 4000)).isEqualTo(10);
  }
}
