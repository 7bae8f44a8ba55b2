package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.restraint.RateLimit.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  @ParameterizedTest
  @CsvSource({
    "20000 records/s,20000,RECORDS,20000 records/s",
    "500calls/s,500,CALLS,500 calls/s",
    " 40000.50 write-units / s ,40000.5,WRITE_UNITS,40000.5 write-units/s"
  })
  void aRateIsReadAndWritten(String text, double perSecond, Unit unit, String written) {
    RateLimit limit = RateLimit.parse(text);
    assertThat(limit).isEqualTo(new RateLimit(perSecond, unit)).hasToString(written);
    assertThat(RateLimit.parse(limit.toString())).isEqualTo(limit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "500", "500 rows/s", "0 calls/s", "-1 calls/s", "500 calls/min"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> RateLimit.parse(text))
        .isInstanceOf(FsMigrateException.class)
        .hasMessageContaining("records, calls, write-units");
  }

  @Test
  void eachUnitCountsItsOwn() {
    CallCost call = new CallCost(25, 70);
    assertThat(List.of(Unit.RECORDS, Unit.CALLS, Unit.WRITE_UNITS))
        .extracting(unit -> new RateLimit(9, unit).cost(call))
        .containsExactly(25.0, 1.0, 70.0);
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new CallCost(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Limits(Optional.empty(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RateLimit(0, Unit.CALLS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatATaskOrAMessageCarriesSurvivesTheWay() throws IOException {
    Message.Beat beat =
        new Message.Beat(
            new Message.Sender(
                new GateKey("r", "s", "g"),
                new Limits(Optional.of(RateLimit.parse("7 calls/s")), 3),
                2,
                "1/0"),
            List.of(new Message.Refund(4, 2.5)),
            true,
            new GateState(1, 2, 3, Optional.empty(), 4, 5),
            6);
    assertThat(Wire.message(Wire.bytes(beat))).isEqualTo(beat);
  }
}
