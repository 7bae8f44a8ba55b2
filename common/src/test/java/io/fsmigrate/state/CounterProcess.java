package io.fsmigrate.state;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A process of its own that increments one key; started by {@link StateTableProcessesTest}. */
final class CounterProcess {
  private CounterProcess() {}

  /**
   * Arguments: path, key, how often (-1 for ever), checkpoint interval, age of log files to delete.
   */
  public static void main(String[] args) {
    StateOptions options =
        new StateOptions(
            Integer.parseInt(args[3]),
            1,
            Duration.parse(args[4]),
            StateOptions.DEFAULTS.maximumAttempts());
    StateTable table = new StateTable(args[0], new Configuration(), Clock.systemUTC(), options);
    int times = Integer.parseInt(args[2]);
    for (int done = 0; done != times; done++) {
      increment(table, args[1]);
      System.out.println(done + 1);
    }
  }

  private static void increment(StateTable table, String key) {
    while (true) {
      Optional<String> before = table.find(key);
      long next = before.map(Long::parseLong).orElse(0L) + 1;
      try {
        table.commit(
            StateChange.builder()
                .put(key, before, String.valueOf(next))
                .append(new StateRow("row-" + next, "count", Instant.EPOCH, "{}"))
                .build());
        return;
      } catch (StateConflictException e) {
        continue;
      }
    }
  }
}
