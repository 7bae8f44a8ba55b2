package io.fsmigrate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartsTest {
  private static final long SECOND = 1_000_000_000L;

  private final Starts starts =
      Starts.of(List.of(new long[] {0, SECOND - 1, SECOND}, new long[] {SECOND / 2, 5 * SECOND}));

  @Test
  void aSecondMayBeginAnywhereAndDoesNotHoldItsEnd() {
    assertThat(starts.nanos()).containsExactly(0, SECOND / 2, SECOND - 1, SECOND, 5 * SECOND);
    assertThat(starts.mostInAnySecond()).isEqualTo(3);
    assertThat(new Starts(new long[] {7}).mostInAnySecond()).isEqualTo(1);
  }

  @Test
  void theRateIsOfWhatStartedInBetween() {
    assertThat(starts.perSecond(SECOND / 2, 2 * SECOND + SECOND / 2)).isEqualTo(1.5);
  }
}
