package io.fsmigrate.emulator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SlidingSecondTest {
  @Property(tries = 300)
  void findsTheFullestSecond(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 1500) Integer> gaps) {
    SlidingSecond second = new SlidingSecond();
    long[] times = new long[gaps.size()];
    long time = 5000;
    for (int i = 0; i < times.length; i++) {
      time += gaps.get(i) % 7 == 0 ? gaps.get(i) : gaps.get(i) % 50;
      times[i] = time;
      second.add(time, i + 1);
    }
    long most = 0;
    for (int end = 0; end < times.length; end++) {
      long sum = 0;
      for (int i = 0; i <= end; i++) {
        sum += times[i] > times[end] - 1000 ? i + 1 : 0;
      }
      most = Math.max(most, sum);
    }
    assertThat(second.most()).isEqualTo(most);
  }
}
