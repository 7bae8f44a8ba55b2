package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts units together whose rows are published in one commit: a Spark job and a Delta commit for
 * each small unit would cost more than their rows. Unlike the units themselves, the groups may
 * differ from one process of a run to the next.
 *
 * @param groupBytes a group is full when it has this many bytes and enough tasks
 * @param minTasks tasks that keep the cluster busy
 */
record UnitGroups(long groupBytes, int minTasks) {
  /** About what one Spark task reads. */
  private static final long TASK_BYTES = 128L << 20;

  /** About how many tasks read a unit. */
  static long tasks(InputUnit unit) {
    return Math.max(1, unit.bytes() / TASK_BYTES);
  }

  List<List<InputUnit>> pack(List<InputUnit> units) {
    List<List<InputUnit>> groups = new ArrayList<>();
    List<InputUnit> current = new ArrayList<>();
    long bytes = 0;
    long tasks = 0;
    for (InputUnit unit : units) {
      current.add(unit);
      bytes += unit.bytes();
      tasks += tasks(unit);
      if (bytes >= groupBytes && tasks >= minTasks) {
        groups.add(List.copyOf(current));
        current.clear();
        bytes = 0;
        tasks = 0;
      }
    }
    if (!current.isEmpty()) {
      groups.add(List.copyOf(current));
    }
    return groups;
  }
}
