package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealKeyTest {
  private static final byte[] PLAIN = "a value".getBytes(StandardCharsets.UTF_8);

  private static SealKey key(int fill) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) fill);
    return SealKey.parse(Base64.getEncoder().encodeToString(bytes)).orElseThrow();
  }

  @Test
  void opensWhatItSealedAndNothingElse() {
    byte[] sealed = key(1).seal(PLAIN);

    assertThat(key(1).open(sealed)).hasValueSatisfying(p -> assertThat(p).isEqualTo(PLAIN));
    assertThat(key(2).open(sealed)).isEmpty();
    sealed[sealed.length - 1] ^= 1;
    assertThat(key(1).open(sealed)).isEmpty();
    assertThat(key(1).open(new byte[3])).isEmpty();
    assertThat(key(1).seal(PLAIN)).isNotEqualTo(key(1).seal(PLAIN));
  }

  @Test
  void isThirtyTwoBytesAndDoesNotPrint() {
    assertThat(SealKey.parse("c2hvcnQ=")).isEmpty();
    assertThat(SealKey.parse("no base64!")).isEmpty();
    assertThat(key(1)).hasToString("***").isEqualTo(key(1)).isNotEqualTo(key(2));
  }
}
