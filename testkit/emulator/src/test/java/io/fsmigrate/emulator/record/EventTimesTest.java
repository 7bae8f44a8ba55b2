package io.fsmigrate.emulator.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
  @Property(tries = 300)
  void agreesWithTheJavaPlatform(@ForAll @LongRange(min = 0, max = 253402300799999L) long millis) {
    String text = EventTimes.iso(millis * 1000);
    assertThat(EventTimes.micros(FeatureType.STRING, text)).isEqualTo(millis * 1000);
    assertThat(Instant.parse(text).toEpochMilli()).isEqualTo(millis);
    String seconds = "%d.%03d".formatted(millis / 1000, millis % 1000);
    assertThat(EventTimes.micros(FeatureType.FRACTIONAL, seconds)).isEqualTo(millis * 1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00+0000",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00.1Z",
        "2026-01-01T00:00:00.0000Z",
        "1767225600",
        ""
      })
  void refusesOtherForms(String text) {
    assertThatThrownBy(() -> EventTimes.micros(FeatureType.STRING, text))
        .hasMessageContaining("EventTime");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-01T00:00:00Z", "NaN", "1e300", "", "-"})
  void refusesWhatAreNoSeconds(String text) {
    assertThatThrownBy(() -> EventTimes.micros(FeatureType.FRACTIONAL, text))
        .hasMessageContaining("EventTime");
  }
}
