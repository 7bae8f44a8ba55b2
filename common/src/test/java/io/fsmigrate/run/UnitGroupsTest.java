package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class UnitGroupsTest {
  private static final long MIB = 1L << 20;

  @Property(tries = 300)
  void groupsPartitionTheUnitsInOrder(
      @ForAll("units") List<InputUnit> units, @ForAll @IntRange(min = 1, max = 16) int tasks) {
    List<List<InputUnit>> groups = new UnitGroups(256 * MIB, tasks).pack(units);

    assertThat(groups.stream().flatMap(List::stream).toList()).isEqualTo(units);
    assertThat(groups).noneMatch(List::isEmpty);
  }

  @Property(tries = 300)
  void everyGroupButTheLastIsJustFull(
      @ForAll("units") List<InputUnit> units, @ForAll @IntRange(min = 1, max = 16) int tasks) {
    List<List<InputUnit>> groups = new UnitGroups(256 * MIB, tasks).pack(units);

    for (int i = 0; i < groups.size(); i++) {
      List<InputUnit> group = groups.get(i);
      if (i + 1 < groups.size()) {
        assertThat(full(group, tasks)).as("group %d", i).isTrue();
      }
      assertThat(full(group.subList(0, group.size() - 1), tasks)).as("group %d", i).isFalse();
    }
  }

  @Example
  void aHugeUnitIsAGroupOfItsOwn() {
    List<InputUnit> units = List.of(unit(1, 8192 * MIB), unit(2, 8192 * MIB));

    assertThat(new UnitGroups(1024 * MIB, 4).pack(units))
        .containsExactly(units.subList(0, 1), units.subList(1, 2));
    assertThat(new UnitGroups(1024 * MIB, 4).pack(List.of())).isEmpty();
  }

  private static boolean full(List<InputUnit> group, int minTasks) {
    long bytes = group.stream().mapToLong(InputUnit::bytes).sum();
    long tasks = group.stream().mapToLong(unit -> Math.max(1, unit.bytes() / (128 * MIB))).sum();
    return bytes >= 256 * MIB && tasks >= minTasks;
  }

  @Provide
  Arbitrary<List<InputUnit>> units() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(1, 4 * MIB), Arbitraries.longs().between(1, 512 * MIB))
        .list()
        .ofMaxSize(200)
        .map(
            sizes -> {
              List<InputUnit> units = new ArrayList<>();
              for (long size : sizes) {
                units.add(unit(units.size() + 1, size));
              }
              return units;
            });
  }

  private static InputUnit unit(int number, long bytes) {
    String id = "u%04d".formatted(number);
    return new InputUnit(id, List.of(new InputSlice(id, 0, bytes, bytes, 1)));
  }
}
