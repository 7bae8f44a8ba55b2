package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

class FingerprintTest {
  @Property(tries = 200)
  void theOrderOfThePartsDoesNotMatter(@ForAll Map<String, String> parts, @ForAll long seed) {
    List<String> names = new ArrayList<>(parts.keySet());
    Collections.shuffle(names, new Random(seed));
    Map<String, String> shuffled = new LinkedHashMap<>();
    names.forEach(name -> shuffled.put(name, parts.get(name)));

    assertThat(Fingerprint.of(shuffled)).isEqualTo(Fingerprint.of(parts));
    assertThat(Fingerprint.of(shuffled).differences(Fingerprint.of(parts))).isEmpty();
  }

  @Property(tries = 200)
  void everyPartCounts(@ForAll @NotEmpty Map<String, String> parts) {
    Fingerprint whole = Fingerprint.of(parts);
    for (String name : parts.keySet()) {
      Map<String, String> changed = new HashMap<>(parts);
      changed.put(name, parts.get(name) + "x");
      Map<String, String> without = new HashMap<>(parts);
      without.remove(name);

      assertThat(Fingerprint.of(changed).hash()).isNotEqualTo(whole.hash());
      assertThat(Fingerprint.of(changed).differences(whole)).containsExactly(name);
      assertThat(Fingerprint.of(without).hash()).isNotEqualTo(whole.hash());
      assertThat(Fingerprint.of(without).differences(whole)).containsExactly(name);
      assertThat(whole.differences(Fingerprint.of(without))).containsExactly(name);
    }
  }

  @Example
  void partsDoNotRunTogether() {
    assertThat(Fingerprint.of(Map.of("a", "bc")).hash())
        .hasSize(64)
        .isNotEqualTo(Fingerprint.of(Map.of("ab", "c")).hash())
        .isNotEqualTo(Fingerprint.of(Map.of("a", "b", "c", "")).hash());
  }

  @Example
  void allDifferencesAreNamedAndAnotherRecipeIsOne() {
    Fingerprint mine = Fingerprint.of(Map.of("filter", "", "source", "x", "units", "1"));
    Fingerprint other =
        new Fingerprint("v0", Map.of("filter", "a > 1", "source", "x", "mode", "NEW"), "00");

    assertThat(mine.differences(other)).containsExactly("algorithm", "filter", "mode", "units");
  }
}
