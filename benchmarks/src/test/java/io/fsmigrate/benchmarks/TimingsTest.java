package io.fsmigrate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimingsTest {

  @Test
  void describesRuns() {
    Timings odd = new Timings(List.of(3.0, 1.0, 2.5));
    assertThat(odd.min()).isEqualTo(1.0);
    assertThat(odd.median()).isEqualTo(2.5);
    assertThat(odd.max()).isEqualTo(3.0);
    assertThat(new Timings(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    assertThatThrownBy(() -> new Timings(List.of())).hasMessageContaining("no runs");
  }

  @Test
  void dividesPairByPair() {
    Timings ratios = new Timings(List.of(3.0, 1.0)).ratiosTo(new Timings(List.of(2.0, 4.0)));
    assertThat(ratios.seconds()).containsExactly(1.5, 0.25);
    assertThatThrownBy(() -> ratios.ratiosTo(new Timings(List.of(1.0))))
        .hasMessageContaining("different numbers");
  }
}
