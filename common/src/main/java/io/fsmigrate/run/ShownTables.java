package io.fsmigrate.run;

import io.fsmigrate.branch.Branch;
import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables that branches show now. */
final class ShownTables {
  private final BranchStore branches;

  ShownTables(BranchStore branches) {
    this.branches = branches;
  }

  /**
   * The table of a feature group.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_BRANCH, GROUP_NOT_ON_BRANCH,
   *     VERSION_NOT_ON_BRANCH
   */
  TablePointer find(Address.Stored address) {
    if (branches.find(address.branch()).isEmpty()) {
      throw RunErrors.unknownBranch(
          address.branch(), branches.list().stream().map(Branch::name).toList(), false);
    }
    Map<String, TablePointer> tables =
        branches.head(address.branch()).map(BranchCommit::tables).orElse(Map.of());
    TablePointer pointer = tables.get(address.group());
    if (pointer == null) {
      throw RunErrors.nothingOnBranch(
          address.branch(), address.group(), List.copyOf(new TreeMap<>(tables).keySet()));
    }
    if (address.version().isPresent()
        && !address.version().get().equals(pointer.featureVersion())) {
      throw RunErrors.otherVersionOnBranch(
          address.branch(),
          address.group(),
          address.version().get().text(),
          pointer.featureVersion().text());
    }
    return pointer;
  }
}
