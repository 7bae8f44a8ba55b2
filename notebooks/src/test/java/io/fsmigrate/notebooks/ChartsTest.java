package io.fsmigrate.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.knowm.xchart.BitmapEncoder;

@Timeout(30)
@EnabledIf(value = "hasFonts", disabledReason = "This machine has no fonts to draw text with")
class ChartsTest {
  static boolean hasFonts() {
    try {
      return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length
          > 0;
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Each JDK fails in its own way where fontconfig is missing.
      return false;
    }
  }

  @Test
  void aBarIsAsHighAsItsNumber() {
    Map<String, Integer> values = new LinkedHashMap<>();
    values.put("a", 50);
    values.put("b", 100);

    long half = barPixels(Map.of("a", 50, "b", 50));
    assertThat(half).isPositive();
    assertThat(barPixels(values)).isBetween(half * 6 / 10, half * 9 / 10);
  }

  @Test
  void nothingButZerosIsDrawnWithoutBars() {
    assertThat(barPixels(Map.of("u0001", 0.0, "u0002", 0.0))).isLessThan(2_000);
  }

  @Test
  void noNumbersAtAllAreDrawnAsNone() {
    assertThat(barPixels(Map.of())).isLessThan(2_000);
  }

  /** Pixels that are more blue than red, as only bars are. */
  private static long barPixels(Map<String, ? extends Number> values) {
    var image = BitmapEncoder.getBufferedImage(Charts.bars("Title", "rows", values));
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).filter(p -> (p & 0xFF) > ((p >> 16) & 0xFF) + 50).count();
  }
}
