package io.fsmigrate.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  @Test
  void findsTheNameWithTheFewestEdits() {
    List<String> known = List.of("batch-size", "max-workers", "max-failures");

    assertThat(Suggestions.nearest("bach-size", known)).contains("batch-size");
    assertThat(Suggestions.nearest("max-wokrers", known)).contains("max-workers");
    assertThat(Suggestions.nearest("MAX_FAILURES", known)).contains("max-failures");
  }

  @Test
  void staysSilentWhereNothingIsNear() {
    assertThat(Suggestions.nearest("colour", List.of("batch-size", "run"))).isEmpty();
    assertThat(Suggestions.didYouMean("colour", List.of("batch-size"))).isEmpty();
  }

  @Test
  void listsTenNamesAndCountsTheOthers() {
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "n" + i).toList();

    assertThat(Suggestions.list(names)).startsWith("n0, n1,").endsWith("n9 and 2 more");
    assertThat(Suggestions.list(List.of())).isEqualTo("none");
  }
}
