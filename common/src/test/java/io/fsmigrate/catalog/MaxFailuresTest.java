package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxFailuresTest {
  @ParameterizedTest
  @CsvSource({
    "1%,10,1000,false",
    "1%,11,1000,true",
    "0.1 %,3,3000,false",
    "0.1 %,4,3000,true",
    "0%,0,0,false",
    "0%,1,9,true",
    "100%,9,9,false",
    "250,250,9,false",
    "250,251,1000000,true"
  })
  void stopsAboveTheLimitAndNotAtIt(String text, long failed, long read, boolean exceeded) {
    assertThat(MaxFailures.parse(text).isExceeded(failed, read)).isEqualTo(exceeded);
  }

  @Test
  void aCountIsOneForTheRunAndAShareIsOneOfEachPart() {
    assertThat(MaxFailures.parse("250").held(20, 235)).isEqualTo(255);
    assertThat(MaxFailures.parse("1%").held(20, 235)).isEqualTo(20);
  }

  @Test
  void printsAsItIsWritten() {
    assertThat(MaxFailures.parse(" 0.5 % ")).hasToString("0.5%");
    assertThat(MaxFailures.parse("250")).hasToString("250");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "101%", "1.5", "1%%", "many", "1e3"})
  void refusesWhatIsNoLimit(String text) {
    assertThatThrownBy(() -> MaxFailures.parse(text))
        .hasMessageContaining("write a percentage of the rows such as 1% or a count such as 250");
  }
}
