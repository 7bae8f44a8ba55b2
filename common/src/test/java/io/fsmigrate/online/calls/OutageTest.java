package io.fsmigrate.online.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final ServiceFault FAULT = ServiceFault.of(500, "InternalFailure", "broken");

  private final Outage outage = new Outage(Duration.ofSeconds(120), 0);

  private static long seconds(long seconds) {
    return seconds * 1_000_000_000L;
  }

  @Test
  void isOverOnlyAfterTheWholeTimeWithoutASuccess() {
    outage.failed(FAULT, seconds(1));
    assertThat(outage.isOver(seconds(121))).isFalse();
    outage.failed(FAULT, seconds(122));
    assertThat(outage.isOver(seconds(122))).isTrue();
    assertThat(outage.last()).isSameAs(FAULT);

    outage.succeeded(seconds(123));
    outage.failed(FAULT, seconds(124));
    assertThat(outage.isOver(seconds(200))).isFalse();
  }

  @Test
  void whatFailedDuringAnOutageGetsTheWholeTimeAfterIt() {
    outage.failed(FAULT, seconds(0));
    outage.succeeded(seconds(115));

    assertThat(outage.isAlone(seconds(0), seconds(130))).isFalse();
    outage.succeeded(seconds(230));
    assertThat(outage.isAlone(seconds(0), seconds(236))).isTrue();
  }

  @Test
  void nobodyIsAloneWhereNothingSucceeds() {
    assertThat(outage.isAlone(seconds(1), seconds(130))).isFalse();
  }
}
