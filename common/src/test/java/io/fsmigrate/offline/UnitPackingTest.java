package io.fsmigrate.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class UnitPackingTest {
  private static final long MIB = 1L << 20;
  private static final Comparator<InputSlice> PLACE =
      Comparator.comparing(InputSlice::path).thenComparingLong(InputSlice::start);

  @Property(tries = 300)
  void everyByteAndRowIsInExactlyOneUnitInOrder(
      @ForAll("inputs") List<InputSlice> slices,
      @ForAll @LongRange(min = 1, max = 512 * MIB) long unitBytes,
      @ForAll @IntRange(min = 1, max = 64) int minUnits) {
    List<InputUnit> units = new UnitPacking(unitBytes, minUnits).pack(slices);

    List<InputSlice> packed = units.stream().flatMap(unit -> unit.slices().stream()).toList();
    assertThat(packed).isSortedAccordingTo(PLACE);
    assertThat(byGroup(packed, slices)).isEqualTo(slices.stream().sorted(PLACE).toList());
    assertThat(packed.stream().mapToLong(InputSlice::rows).sum())
        .isEqualTo(slices.stream().mapToLong(InputSlice::rows).sum());
    for (int i = 0; i < units.size(); i++) {
      assertThat(units.get(i).id()).isEqualTo("u%04d".formatted(i + 1));
    }
  }

  @Property(tries = 300)
  void aUnitKeepsToItsTargetSizeAndIsNotSmallerThanNeeded(
      @ForAll("inputs") List<InputSlice> slices,
      @ForAll @LongRange(min = 1, max = 512 * MIB) long unitBytes,
      @ForAll @IntRange(min = 1, max = 64) int minUnits) {
    UnitPacking packing = new UnitPacking(unitBytes, minUnits);
    long total = slices.stream().mapToLong(InputSlice::length).sum();
    long target = packing.targetBytes(total);

    List<InputUnit> units = packing.pack(slices);

    assertThat(target).isLessThanOrEqualTo(Math.max(unitBytes, total / UnitPacking.MAX_UNITS));
    for (InputUnit unit : units) {
      boolean oneSlice = slices.stream().anyMatch(slice -> unit.slices().equals(List.of(slice)));
      assertThat(oneSlice || unit.bytes() <= target).as(unit.id()).isTrue();
    }
    List<InputSlice> ordered = slices.stream().sorted(PLACE).toList();
    int next = 0;
    for (InputUnit unit : units) {
      long bytes = 0;
      while (bytes < unit.bytes()) {
        bytes += ordered.get(next++).length();
      }
      if (next < ordered.size()) {
        assertThat(bytes + ordered.get(next).length()).as(unit.id()).isGreaterThan(target);
      }
    }
    // Two neighbours together exceed the target, so there are never more than twice as many.
    assertThat(units).hasSizeLessThanOrEqualTo(2 * UnitPacking.MAX_UNITS + 1);
  }

  @Property(tries = 200)
  void theResultDoesNotDependOnTheOrderOfTheInput(
      @ForAll("inputs") List<InputSlice> slices, @ForAll long seed) {
    List<InputSlice> shuffled = new ArrayList<>(slices);
    Collections.shuffle(shuffled, new Random(seed));
    UnitPacking packing = new UnitPacking(16 * MIB, 8);

    assertThat(packing.pack(shuffled)).isEqualTo(packing.pack(slices));
  }

  @Property(tries = 200)
  void neighbouringRangesOfAFileAreOneRange(@ForAll("inputs") List<InputSlice> slices) {
    for (InputUnit unit : new UnitPacking(64 * MIB, 4).pack(slices)) {
      for (int i = 1; i < unit.slices().size(); i++) {
        InputSlice before = unit.slices().get(i - 1);
        InputSlice after = unit.slices().get(i);
        assertThat(before.path()).isNotEqualTo(after.path());
      }
    }
    assertThat(UnitPacking.single(slices).get(0).slices())
        .allMatch(InputSlice::wholeFile)
        .doesNotHaveDuplicates();
  }

  @Example
  void manySmallFilesStayBelowTwiceTheLimit() {
    List<InputSlice> slices = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      slices.add(new InputSlice("f%05d".formatted(i), 0, 100 * MIB, 100 * MIB, 1));
    }

    List<InputUnit> units = new UnitPacking(128 * MIB, 16).pack(slices);

    // 1.9 TiB in units of 3.8 GiB instead of 128 MiB.
    assertThat(units).hasSizeBetween(UnitPacking.MAX_UNITS, UnitPacking.MAX_UNITS + 20);
  }

  @Example
  void aSmallInputIsSpreadButNotGroundToDust() {
    List<InputSlice> slices = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      slices.add(new InputSlice("f", i * MIB, MIB, 64 * MIB, 10));
    }

    assertThat(new UnitPacking(128 * MIB, 16).pack(slices))
        .hasSize(16)
        .allMatch(unit -> unit.rows() == 40 && unit.bytes() == 4 * MIB);
    assertThat(new UnitPacking(128 * MIB, 1000).pack(slices)).hasSize(64);
    assertThat(new UnitPacking(128 * MIB, 16).pack(List.of())).isEmpty();
  }

  @Example
  void rowsAreUnknownWhereOneSliceHasNoStatistics() {
    List<InputSlice> slices =
        List.of(
            new InputSlice("a", 0, 10, 20, 5),
            new InputSlice("a", 10, 10, 20, -1),
            new InputSlice("b", 0, 10, 10, 7));

    InputUnit unit = UnitPacking.single(slices).get(0);

    assertThat(unit.slices())
        .containsExactly(new InputSlice("a", 0, 20, 20, -1), new InputSlice("b", 0, 10, 10, 7));
    assertThat(unit.rows()).isEqualTo(-1);
    assertThat(unit.bytes()).isEqualTo(30);
  }

  /** Cuts merged ranges at the borders of the original slices again. */
  private static List<InputSlice> byGroup(List<InputSlice> packed, List<InputSlice> originals) {
    List<InputSlice> cut = new ArrayList<>();
    for (InputSlice range : packed) {
      originals.stream()
          .filter(s -> s.path().equals(range.path()))
          .filter(
              s ->
                  s.start() >= range.start()
                      && s.start() + s.length() <= range.start() + range.length())
          .sorted(PLACE)
          .forEach(cut::add);
    }
    return cut;
  }

  /** Files of one to twelve row groups each. */
  @Provide
  Arbitrary<List<InputSlice>> inputs() {
    return Arbitraries.longs()
        .between(1, 40 * MIB)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(UnitPackingTest::files);
  }

  private static List<InputSlice> files(List<List<Long>> lengths) {
    List<InputSlice> slices = new ArrayList<>();
    for (int file = 0; file < lengths.size(); file++) {
      long size = lengths.get(file).stream().mapToLong(Long::longValue).sum();
      long start = 0;
      for (long length : lengths.get(file)) {
        slices.add(new InputSlice("f%02d".formatted(file), start, length, size, length / 100));
        start += length;
      }
    }
    return slices;
  }
}
