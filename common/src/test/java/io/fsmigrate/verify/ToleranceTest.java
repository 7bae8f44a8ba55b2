package io.fsmigrate.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToleranceTest {
  @ParameterizedTest
  @CsvSource({
    "0.001,ABSOLUTE,0.001",
    "1%,RELATIVE,0.01",
    " 2.5 % ,RELATIVE,0.025",
    "5s,TIME,5e6",
    "20 ms,TIME,2e4",
    "7us,TIME,7",
    "2m,TIME,1.2e8",
    "1h,TIME,3.6e9",
    "1d,TIME,8.64e10",
    "0,ABSOLUTE,0"
  })
  void amountsAreRead(String text, Tolerance.Kind kind, double amount) {
    Tolerance tolerance = Tolerance.parse("x", text);

    assertThat(tolerance.kind()).isEqualTo(kind);
    assertThat(tolerance.amount()).isEqualTo(amount);
    assertThat(tolerance.text()).isEqualTo(text.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a lot", "-1", "5 parsecs", "%", "-1%", "1e999"})
  void whatIsNoAmountIsSaid(String text) {
    assertThatThrownBy(() -> Tolerance.parse("price", text))
        .hasMessageContaining("price")
        .hasMessageContaining("0.001");
  }

  /** 10 values of 100 each, one of which is 101 on the other side. */
  @Test
  void aBucketAgreesWhereEveryValueMayBeTolerated() {
    Tolerance.Aggregate before = new Tolerance.Aggregate(100, 100, 1000);
    Tolerance.Aggregate after = new Tolerance.Aggregate(100, 101, 1001);

    assertThat(Tolerance.parse("x", "1").mayAgree(10, before, after)).isTrue();
    assertThat(Tolerance.parse("x", "1%").mayAgree(10, before, after)).isTrue();
    assertThat(Tolerance.parse("x", "0.9").mayAgree(10, before, after)).isFalse();
    assertThat(Tolerance.parse("x", "0.9%").mayAgree(10, before, after)).isFalse();
    assertThat(
            Tolerance.parse("x", "1").mayAgree(10, before, new Tolerance.Aggregate(100, 100, 1011)))
        .isFalse();
    assertThat(
            Tolerance.parse("x", "1").mayAgree(10, before, new Tolerance.Aggregate(98, 100, 1000)))
        .isFalse();
  }

  @Test
  void whatIsNotFiniteIsLookedAtRowByRow() {
    Tolerance.Aggregate notNumbers = new Tolerance.Aggregate(Double.NaN, Double.NaN, Double.NaN);

    assertThat(Tolerance.parse("x", "1").mayAgree(1, notNumbers, notNumbers)).isFalse();
    assertThat(Tolerance.parse("x", "1").mayAgree(0, notNumbers, notNumbers)).isTrue();
  }

  @Test
  void bucketsDifferByRowsByHashesAndByWhatIsTolerated() {
    BucketDigests left = digests();
    BucketDigests right = digests();
    assertThat(left.differing(right).isEmpty()).isTrue();

    right.put(1, 3, 20, 30);
    right.put(2, 2, 21, 30);
    right.put(3, 2, 20, 31);
    right.put(4, 0, 1, new Tolerance.Aggregate(1, 2, 3));
    right.put(5, 0, 2, new Tolerance.Aggregate(1, 2.2, 3.2));
    right.put(6, 0, 2, new Tolerance.Aggregate(1, 2.05, 3.05));

    BitSet expected = new BitSet();
    expected.set(1, 6);
    assertThat(left.differing(right)).isEqualTo(expected);
    assertThat(right.differing(left)).isEqualTo(expected);
  }

  private static BucketDigests digests() {
    BucketDigests digests = new BucketDigests(8, List.of(Tolerance.parse("x", "0.1")));
    for (int bucket = 0; bucket < 7; bucket++) {
      digests.put(bucket, 2, 20, 30);
      digests.put(bucket, 0, 2, new Tolerance.Aggregate(1, 2, 3));
    }
    return digests;
  }
}
