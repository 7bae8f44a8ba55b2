package io.fsmigrate.online.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.RecordLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketRowsTest {
  @Test
  void partsBeyondTheMemoryComeBackFromAFile() {
    try (BucketRows rows = new BucketRows(10)) {
      for (int round = 0; round < 2; round++) {
        List<String> texts = List.of("12345", "678", "longer than all memory", "", "9");
        texts.forEach(text -> rows.add(text.getBytes(StandardCharsets.UTF_8)));

        List<String> back = new ArrayList<>();
        for (int i = 0; i < rows.parts(); i++) {
          back.add(new String(rows.part(i), StandardCharsets.UTF_8));
        }
        assertThat(back).isEqualTo(texts);
        rows.clear();
        assertThat(rows.parts()).isZero();
      }
    }
  }

  @Test
  void rowsAreCutInTwoUntilEachIsAlone() throws Exception {
    RecordLayout layout =
        RecordLayout.of(
            new VersionedGroup(
                "flights",
                new FeatureVersion("1.0.0"),
                new FeatureSchema(
                    List.of(
                        new Feature("id", new FeatureType("string")),
                        new Feature("at", new FeatureType("bigint")))),
                "id",
                "at",
                List.of(),
                List.of()));
    CopyBuffer buffer = new CopyBuffer(1);
    int[] lengths = {3, 2_000, 0, 1, 2_600, 5, 1};
    for (int i = 0; i < lengths.length; i++) {
      new RowEncoder(layout).append(buffer, 100 + i, 0, List.of("x".repeat(lengths[i]), (long) i));
    }

    assertThat(numbers(buffer.copy(), 0, buffer.size()))
        .containsExactly(100L, 101L, 102L, 103L, 104L, 105L, 106L);
  }

  private static List<Long> numbers(byte[] rows, int from, int to) {
    int middle = CopyRows.middle(rows, from, to);
    if (middle == to) {
      return List.of(CopyRows.number(rows, from));
    }
    List<Long> numbers = new ArrayList<>(numbers(rows, from, middle));
    numbers.addAll(numbers(rows, middle, to));
    return numbers;
  }
}
