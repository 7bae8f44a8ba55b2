package com.example.cards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LuhnTest {
  @ParameterizedTest
  @CsvSource({
    "4111-1111-1111-1111, true",
    "4111 1111 1111 1111, true",
    "4111-1111-1111-1112, false",
    "1411-1111-1111-1111, false",
    "18, true",
    "0, false",
    "4111x, false",
    "-, false"
  })
  void tellsRightFromWrongDigits(String number, boolean valid) {
    assertEquals(valid, new Luhn().call(number));
  }

  @Test
  void nullStaysNull() {
    assertNull(new Luhn().call(null));
  }
}
