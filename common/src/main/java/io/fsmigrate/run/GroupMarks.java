package io.fsmigrate.run;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.state.Json;
import java.util.List;
import java.util.Optional;

/**
 * What the log of a run's table says about groups of units: each was written by one commit, which
 * names them. It is the only record of them that no crash can part from their rows.
 */
final class GroupMarks {
  private final String run;
  private final RunTable table;
  private final Json json = new Json();

  GroupMarks(String run, RunTable table) {
    this.run = run;
    this.table = table;
  }

  /** What the commit of a group says about itself. */
  private record Mark(String run, List<String> units) {}

  /** The mark for the commit of these units. */
  String of(List<String> units) {
    return json.compact(new Mark(run, units));
  }

  /** The units of each group that was written, in the order of their commits. */
  List<List<String>> written() {
    return table.commitsAfter(-1).stream()
        .flatMap(commit -> mark(commit).stream())
        .map(Mark::units)
        .toList();
  }

  /** Whether a unit of this group was written. */
  boolean hasAnyOf(List<InputUnit> group) {
    List<String> ids = OfflineUnits.ids(group);
    return written().stream().anyMatch(units -> units.stream().anyMatch(ids::contains));
  }

  /** The clone's own commit carries no mark, so its rows do not count as written by this run. */
  long rows() {
    return table.commitsAfter(-1).stream()
        .filter(commit -> mark(commit).isPresent())
        .mapToLong(TableCommit::rows)
        .sum();
  }

  private Optional<Mark> mark(TableCommit commit) {
    return commit
        .userMetadata()
        .filter(text -> text.startsWith("{"))
        .map(text -> json.read(table.location(), text, new TypeReference<Mark>() {}))
        .filter(mark -> run.equals(mark.run()));
  }
}
