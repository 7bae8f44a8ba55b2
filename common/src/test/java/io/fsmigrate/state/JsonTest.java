package io.fsmigrate.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  private final Json json = new Json();

  record Sample(
      String zebra,
      Instant at,
      Optional<String> note,
      Optional<Long> count,
      FeatureVersion version,
      Map<String, Long> counters,
      List<String> parents) {}

  private static final Sample FULL =
      new Sample(
          "ä\"\n",
          Instant.parse("2026-11-21T00:30:00.123Z"),
          Optional.of("n"),
          Optional.of(1L << 40),
          new FeatureVersion("2.0.0"),
          Map.of("written", 2L, "read", 3L, "failed", 1L),
          List.of("p"));

  private static final Sample SPARSE =
      new Sample(
          "",
          Instant.EPOCH,
          Optional.empty(),
          Optional.empty(),
          FeatureVersion.RAW,
          Map.of(),
          List.of());

  @Test
  void recordsReadBackAsTheyWere() {
    for (Sample sample : List.of(FULL, SPARSE)) {
      assertThat(json.read("x", json.compact(sample), Sample.class)).isEqualTo(sample);
      assertThat(json.read("x", json.pretty(sample), Sample.class)).isEqualTo(sample);
    }
  }

  @Test
  void theTextIsStable() {
    assertThat(json.compact(FULL))
        .isEqualTo(
            "{\"zebra\":\"ä\\\"\\n\",\"at\":\"2026-11-21T00:30:00.123Z\",\"note\":\"n\","
                + "\"count\":1099511627776,\"version\":\"2.0.0\","
                + "\"counters\":{\"failed\":1,\"read\":3,\"written\":2},\"parents\":[\"p\"]}");
    assertThat(json.compact(SPARSE)).doesNotContain("note", "count\"").contains("\"parents\":[]");
    assertThat(json.pretty(SPARSE)).startsWith("{\n  \"zebra\" : \"\",\n");
  }

  @Test
  void whatANewerProgramAddedIsSkipped() {
    String newer = json.compact(FULL).replaceFirst("\\{", "{\"later\":{\"a\":[1]},");

    assertThat(json.read("x", newer, Sample.class)).isEqualTo(FULL);
  }

  @Test
  void genericValuesAndTreesAreRead() {
    assertThat(json.read("x", "{\"a\":1}", new TypeReference<Map<String, Long>>() {}))
        .isEqualTo(Map.of("a", 1L));
    assertThat(json.tree("x", "{\"a\":[1,2]}").path("a")).hasSize(2);
  }

  @Test
  void whatIsNotSuchAValueSaysWhere() {
    for (String text :
        List.of(
            "{\"zebra\":",
            json.compact(FULL).replace("2026-11-21T00:30:00.123Z", "yesterday"),
            json.compact(FULL).replace("2.0.0", "2.x"))) {
      assertThatThrownBy(() -> json.read("/w/refs ref/main", text, Sample.class))
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("INVALID_JSON"))
          .hasMessageStartingWith("/w/refs ref/main: not a valid Sample (");
    }
    assertThatThrownBy(() -> json.tree("here", "[")).hasMessageStartingWith("here: not a valid");
    assertThatThrownBy(() -> json.read("here", "1", new TypeReference<Map<String, Long>>() {}))
        .hasMessageStartingWith("here: not a valid");
  }
}
