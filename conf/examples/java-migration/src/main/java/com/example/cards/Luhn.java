package com.example.cards;

import org.apache.spark.sql.api.java.UDF1;

/**
 * Whether the last digit of a card number is the check digit of the digits before it (ISO/IEC 7812,
 * the Luhn algorithm). Blanks and hyphens are passed over; null stays null.
 */
public final class Luhn implements UDF1<String, Boolean> {
  private static final long serialVersionUID = 1;

  @Override
  public Boolean call(String number) {
    if (number == null) {
      return null;
    }
    int sum = 0;
    int digits = 0;
    for (int i = number.length() - 1; i >= 0; i--) {
      char c = number.charAt(i);
      if (c == ' ' || c == '-') {
        continue;
      }
      if (c < '0' || c > '9') {
        return false;
      }
      int digit = c - '0';
      if (digits % 2 == 1) {
        // A product of two digits counts as the sum of its digits.
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      }
      sum += digit;
      digits++;
    }
    return digits > 1 && sum % 10 == 0;
  }
}
