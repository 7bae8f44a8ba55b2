package io.fsmigrate.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fsmigrate.sagemaker.SageMakerSettings.Prices;
import io.fsmigrate.sagemaker.SageMakerSettings.ServiceLimits;
import io.fsmigrate.sagemaker.WriteEstimate.Work;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class WriteEstimateTest {
  private static final ServiceLimits LIMITS = new ServiceLimits(10_000, 40_000, 10);
  private static final Prices PRICES = new Prices(1.25, 0.25, 5);

  private static WriteEstimate estimate(
      long records, long bytes, int perCall, double read, int workers, OptionalDouble rate) {
    return WriteEstimate.of(new Work(records, bytes, perCall, read, workers, rate), LIMITS, PRICES);
  }

  @Test
  void fortyMillionRecordsInBatchesAreBoundByWriteUnits() {
    WriteEstimate estimate = estimate(40_000_000, 900, 25, 0, 256, OptionalDouble.empty());

    assertThat(estimate.writeCalls()).isEqualTo(1_600_000);
    assertThat(estimate.writeUnits()).isEqualTo(40_000_000);
    assertThat(estimate.minutes()).isCloseTo(40_000_000 / 40_000.0 / 60, within(1e-9));
    assertThat(estimate.bindingQuota()).isEqualTo("40,000 write units/s of the feature group");
    assertThat(estimate.dollars()).isCloseTo(50, within(1e-9));
  }

  @Test
  void oneRecordACallIsBoundByTheAccountOrTheWorkers() {
    assertThat(estimate(1_000_000, 100, 1, 0, 256, OptionalDouble.empty()))
        .satisfies(
            e -> {
              assertThat(e.writeCalls()).isEqualTo(1_000_000);
              assertThat(e.bindingQuota()).startsWith("10,000 calls/s of one operation");
              assertThat(e.minutes()).isCloseTo(100 / 60.0, within(1e-9));
            });
    assertThat(estimate(1_000_000, 100, 1, 0, 64, OptionalDouble.empty()))
        .satisfies(
            e -> {
              assertThat(e.bindingQuota())
                  .isEqualTo("64 calls in flight at 10 ms a call (--max-workers)");
              assertThat(e.minutes()).isCloseTo(1_000_000 / 6_400.0 / 60, within(1e-9));
            });
  }

  @Test
  void theConfiguredRateBindsWhereItIsTheTightest() {
    WriteEstimate estimate = estimate(60_000, 100, 25, 0, 64, OptionalDouble.of(1_000));

    assertThat(estimate.bindingQuota()).isEqualTo("the store's rate-limit");
    assertThat(estimate.minutes()).isCloseTo(1, within(1e-9));
  }

  @Test
  void unitsAreStartedKibibytesAndLookingFirstCostsReads() {
    WriteEstimate estimate = estimate(1_001, 1_025, 25, 1, 64, OptionalDouble.empty());

    assertThat(estimate.writeUnits()).isEqualTo(2_002);
    assertThat(estimate.readUnits()).isEqualTo(1_001);
    assertThat(estimate.readCalls()).isEqualTo(11);
    assertThat(estimate.writeCalls()).isEqualTo(41);
    assertThat(estimate.dollars())
        .isCloseTo(2_002 / 1e6 * 1.25 + 1_001 / 1e6 * 0.25, within(1e-12));
  }

  @Test
  void nothingTakesNothing() {
    assertThat(estimate(0, 0, 25, 1, 64, OptionalDouble.empty()))
        .satisfies(
            e -> {
              assertThat(e.writeCalls()).isZero();
              assertThat(e.minutes()).isZero();
              assertThat(e.dollars()).isZero();
            });
  }
}
