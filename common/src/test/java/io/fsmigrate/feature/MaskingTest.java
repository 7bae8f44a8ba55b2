package io.fsmigrate.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskingTest {
  private static final String ROW = "{\"id\":7,\"Iban\":\"DE1\",\"note\":null}";

  @Test
  void hidesWhatIsNamedInWhicheverCaseAndLeavesNull() {
    Masking masking = new Masking(false, Set.of("iban", "note"));

    assertThat(masking.row(ROW)).isEqualTo("{\"id\":7,\"Iban\":\"***\",\"note\":null}");
    assertThat(masking.value("CAST", "IBAN", "DE1")).isEqualTo("***");
    assertThat(masking.value("CAST", "id", "7")).isEqualTo("7");
    // An expression shows what it was made of, which may be anything.
    assertThat(masking.value("EXPRESSION", "id", "{\"iban\":1}")).isEqualTo("***");
    assertThat(masking.value("CONTRACT", null, "DE1")).isEqualTo("***");
  }

  @Test
  void hidesEverythingWhereNobodyKnowsWhatIsWhat() {
    Masking masking = new Masking(true, Set.of("iban"));

    assertThat(masking.row(ROW)).isEqualTo("{\"id\":\"***\",\"Iban\":\"***\",\"note\":null}");
    assertThat(masking.row("{not JSON: DE1")).isNull();
    assertThat(masking.value("CAST", "id", "7")).isEqualTo("***");
  }

  @Test
  void leavesRowsAloneWhereNothingIsSensitive() {
    assertThat(Masking.none().row(ROW)).isSameAs(ROW);
    assertThat(Masking.none().value("EXPRESSION", null, "x")).isEqualTo("x");
  }
}
