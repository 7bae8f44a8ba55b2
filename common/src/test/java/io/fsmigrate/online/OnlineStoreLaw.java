package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens on the way, a store ends with the greatest record of each identifier. */
abstract class OnlineStoreLaw {
  private static final VersionedGroup TARGET = RandomRecords.TARGET;

  /** A store that may hold records of an earlier try. */
  abstract OnlineStore store();

  @Property(tries = 150)
  void anyOrderAndAnySplitWithReplaysEndTheSame(
      @ForAll("histories") List<OnlineRecord> records, @ForAll Random random) {
    OnlineStore store = store();
    store.prepare(TARGET);
    store.clear(TARGET);
    List<OnlineRecord> shuffled = new ArrayList<>(records);
    Collections.shuffle(shuffled, random);
    long counted = 0;
    long handedOver = 0;
    try (RecordWriter writer = store.open(TARGET, OnlineTargets.CONTEXT)) {
      for (int from = 0; from < shuffled.size(); ) {
        int to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
        WriteOutcome outcome = OnlineTargets.write(writer, shuffled.subList(from, to));
        assertThat(outcome.failed()).isEmpty();
        counted += outcome.written() + outcome.stale();
        handedOver += to - from;
        if (random.nextBoolean()) {
          writer.commit();
        }
        // A replay begins again somewhere before.
        from = random.nextInt(4) == 0 ? random.nextInt(to) : to;
      }
      writer.commit();
    }

    TieRule rule = TieRule.of(TARGET);
    Map<Object, OnlineRecord> expected = new TreeMap<>();
    records.forEach(
        r -> expected.merge(r.values().get(1), r, (a, b) -> rule.compare(a, b) >= 0 ? a : b));
    Map<Object, OnlineRecord> actual = new TreeMap<>();
    store.read(TARGET, new ArrayList<>(expected.keySet()), r -> actual.put(r.values().get(1), r));
    assertThat(counted).isEqualTo(handedOver);
    assertThat(store.count(TARGET)).hasValue(expected.size());
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (id, record) ->
            assertThat(rule.compare(actual.get(id), record))
                .as("%s is %s", actual.get(id), record)
                .isZero());
  }

  @Provide
  Arbitrary<List<OnlineRecord>> histories() {
    return RandomRecords.records().list().ofMinSize(1).ofMaxSize(40);
  }
}
