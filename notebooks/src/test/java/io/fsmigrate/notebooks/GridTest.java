package io.fsmigrate.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GridTest {
  private record Line(String run, long rows, Optional<Instant> endedAt) {}

  @Test
  void recordsHaveAColumnForEachComponent() {
    Grid grid =
        Grid.of(
            List.of(
                new Line("a", 1_234_567, Optional.of(Instant.EPOCH)),
                new Line("<b>", 8, Optional.empty())));

    assertThat(grid.text())
        .isEqualTo(
            """
            run  rows       endedAt
            a    1,234,567  1970-01-01T00:00:00Z
            <b>          8  -""");
    assertThat(grid.html())
        .contains(">endedAt</th>", "<td style=\"text-align:right\">1,234,567</td>")
        .contains("<td style=\"text-align:left\">&lt;b&gt;</td>")
        .doesNotContain("<b>");
  }

  @Test
  void otherValuesAreOneColumn() {
    assertThat(Grid.of(List.of("a", 2)).text()).isEqualTo("value\na\n2");
  }

  @Test
  void anEmptyListSaysSo() {
    assertThat(Grid.of(List.of()).text()).isEqualTo("value\nNone.");
  }

  @Test
  void aMapHasARowForEachEntry() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rows", 1_000L);
    map.put("path", List.of("x", "y"));
    map.put("none", Optional.empty());
    map.put("share", 1.0 / 3);

    assertThat(Grid.of(map).text())
        .isEqualTo("       value\nrows   1,000\npath   x, y\nnone   -\nshare  0.3333");
  }

  @Test
  void aMapOfMapsHasAColumnForEveryKeyOfAnyOfThem() {
    Map<String, Map<String, Long>> map = new LinkedHashMap<>();
    map.put("u1", Map.of("read", 10L));
    map.put("u2", Map.of("failed", 3L));

    assertThat(Grid.of(map).text())
        .isEqualTo("    read  failed\nu1    10       -\nu2     -       3");
  }

  @Test
  void longTextIsShortened() {
    Grid grid = Grid.of(List.of("x".repeat(1_000)));

    assertThat(grid.rows().get(0).get(0).text()).hasSize(201).endsWith("x…");
  }
}
