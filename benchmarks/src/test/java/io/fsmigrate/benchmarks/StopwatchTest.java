package io.fsmigrate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private final List<String> diary = new ArrayList<>();
  private final AtomicLong read = new AtomicLong();

  private record Reader(String name, long reads, AtomicLong read, List<String> diary)
      implements Contender {
    @Override
    public void run() {
      diary.add(name);
      read.addAndGet(reads);
    }

    @Override
    public void cleanUp() {
      diary.add(name + " clean");
    }
  }

  @Test
  void alternatesAndReportsRoundsAfterTheWarmUp() throws Exception {
    List<Contender> contenders =
        List.of(new Reader("a", 10, read, diary), new Reader("b", 20, read, diary));
    List<Stopwatch.Measured> measured = new Stopwatch(read::get).alternate(contenders, 1, 2);
    assertThat(diary)
        .containsExactly(
            "a", "a clean", "b", "b clean", "a", "a clean", "b", "b clean", "a", "a clean", "b",
            "b clean");
    assertThat(measured.get(0).timings().seconds()).hasSize(2);
    assertThat(measured.get(1).recordsRead()).containsExactly(20L, 20L);

    StringWriter text = new StringWriter();
    new Report("offline", Map.of("rows", "10"), List.of(Report.Result.of("clean", 10, measured)))
        .print(new PrintWriter(text));
    assertThat(text.toString())
        .contains("benchmark offline", "rows = 10", "b / a: median", "of 2 pairs")
        .containsPattern("a .* input records read once")
        .containsPattern("b .* input records read \\[20\\]");
  }
}
