package io.fsmigrate.branch;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateRow;
import io.fsmigrate.state.StateTable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * The branches of a warehouse and their history, in the state table {@code _fs_migrate/refs}.
 *
 * <p>A branch moves under compare-and-set: of two writers that start from the same head one wins
 * and the other is told. Branches do not disturb each other. The branch {@code main} is always
 * there; nothing is written for it before its first commit.
 */
public final class BranchStore {
  private static final String PREFIX = "ref/";
  private static final String FENCE = "fence/";
  private static final String COMMIT = "commit";
  private static final Branch VIRTUAL_MAIN =
      new Branch(
          BranchName.MAIN,
          BranchType.MAIN,
          Optional.empty(),
          0,
          new UUID(0, 0).toString(),
          Instant.EPOCH,
          true);

  private final StateTable table;
  private final Clock clock;
  private final Json json = new Json();
  private final Optional<Fence> fence;

  /** Who may move branches for a target. */
  private record Fence(String target, long token) {
    private String key() {
      return FENCE + target;
    }

    private Optional<String> value() {
      return Optional.of(Long.toString(token));
    }
  }

  /** Opens the branches of a warehouse; nothing is read or written yet. */
  public BranchStore(String warehouse, Configuration configuration, Clock clock) {
    this(
        new StateTable(warehouse + "/_fs_migrate/refs", configuration, clock),
        clock,
        Optional.empty());
  }

  private BranchStore(StateTable table, Clock clock, Optional<Fence> fence) {
    this.table = table;
    this.clock = clock;
    this.fence = fence;
  }

  /**
   * The same branches for the holder of a lock, whose commits are refused from the moment at which
   * a later holder has raised the fence.
   *
   * @param target what is locked
   * @param token of the lock
   */
  public BranchStore fencedBy(String target, long token) {
    return new BranchStore(table, clock, Optional.of(new Fence(target, token)));
  }

  /**
   * Lets nobody move branches for the target any more who has a smaller token than this.
   *
   * @throws FsMigrateException with code {@code FENCED_OFF} if somebody has a larger one
   */
  public void raiseFence(String target, long token) {
    Fence wanted = new Fence(target, token);
    while (true) {
      Optional<String> stored = table.find(wanted.key());
      if (stored.equals(wanted.value())) {
        return;
      }
      if (stored.map(Long::parseLong).orElse(0L) > token) {
        throw BranchErrors.fencedOff(target);
      }
      try {
        table.commit(StateChange.builder().put(wanted.key(), stored, wanted.value().get()).build());
        return;
      } catch (StateConflictException e) {
        // Somebody raised it in between; the next round tells whether higher than this.
        continue;
      }
    }
  }

  private StateChange guarded(StateChange.Builder change) {
    requireInside();
    fence.ifPresent(own -> change.expect(own.key(), own.value()));
    return change.build();
  }

  private void requireInside() {
    if (fence.isPresent() && !table.find(fence.get().key()).equals(fence.get().value())) {
      throw BranchErrors.fencedOff(fence.get().target());
    }
  }

  /**
   * Refuses a name that no branch can have.
   *
   * @throws FsMigrateException with a code that says what is wrong with it
   */
  public static void requireValidName(String name) {
    BranchName.type(name, Optional.empty());
  }

  /** Every branch: main first, the others by name. */
  public List<Branch> list() {
    Map<String, Branch> branches = new TreeMap<>();
    branches.put(VIRTUAL_MAIN.name(), VIRTUAL_MAIN);
    table
        .all(PREFIX)
        .forEach(
            (key, value) -> {
              String name = key.substring(PREFIX.length());
              branches.put(name, ref(key, value).branch(name));
            });
    return branches.values().stream()
        .sorted(Comparator.comparing(branch -> branch.type() != BranchType.MAIN))
        .toList();
  }

  /** The branch of this name. */
  public Optional<Branch> find(String name) {
    return table
        .find(PREFIX + name)
        .map(value -> ref(PREFIX + name, value).branch(name))
        .or(() -> Optional.of(VIRTUAL_MAIN).filter(main -> main.name().equals(name)));
  }

  /**
   * The branch of this name.
   *
   * @throws FsMigrateException with code {@code UNKNOWN_BRANCH} if there is none
   */
  public Branch get(String name) {
    return find(name)
        .orElseThrow(
            () -> BranchErrors.unknownBranch(name, list().stream().map(Branch::name).toList()));
  }

  /**
   * Makes a branch that shows what another one shows now. No data is copied.
   *
   * @param type may be left out where the name says it
   * @throws FsMigrateException with code {@code BRANCH_EXISTS}, {@code UNKNOWN_BRANCH} for {@code
   *     fromBranch}, or one that says what is wrong with name or type
   */
  public Branch create(
      String name, Optional<BranchType> type, String fromBranch, String author, String message) {
    BranchType checked = BranchName.type(name, type);
    if (find(name).isPresent()) {
      throw BranchErrors.branchExists(name);
    }
    Branch from = get(fromBranch);
    Optional<BranchCommit> start = from.head().map(this::commit);
    BranchCommit first =
        BranchCommit.of(
            json,
            from.head().stream().toList(),
            author,
            clock.instant(),
            message,
            Map.of(),
            start.map(BranchCommit::tables).orElse(Map.of()));
    Ref ref = newRef(checked).movedTo(first.id());
    try {
      table.commit(
          guarded(
              StateChange.builder().create(PREFIX + name, json.compact(ref)).append(row(first))));
    } catch (StateConflictException e) {
      requireInside();
      throw BranchErrors.branchExists(name);
    }
    return ref.branch(name);
  }

  /** The same for a name that says the type, such as {@code feature/x}. */
  public Branch create(String name, String fromBranch, String author, String message) {
    return create(name, Optional.empty(), fromBranch, author, message);
  }

  /** The same for a type that is given. */
  public Branch create(
      String name, BranchType type, String fromBranch, String author, String message) {
    return create(name, Optional.of(type), fromBranch, author, message);
  }

  /**
   * The commit that the branch shows; empty while nothing was committed to it.
   *
   * @throws FsMigrateException with code {@code UNKNOWN_BRANCH}
   */
  public Optional<BranchCommit> head(String branch) {
    return get(branch).head().map(this::commit);
  }

  /**
   * Moves the branch by one commit: the manifest of the head with some pointers set and some
   * removed.
   *
   * @param expectedHead the head that the caller worked from; empty for none
   * @throws FsMigrateException with code {@code REF_MOVED} if the branch is not there any more, or
   *     {@code UNKNOWN_BRANCH}
   */
  public BranchCommit commit(
      String branch,
      Optional<String> expectedHead,
      String author,
      String message,
      Map<String, String> properties,
      Map<String, TablePointer> puts,
      Set<String> removes) {
    Branch current = get(branch);
    Map<String, TablePointer> tables = new LinkedHashMap<>();
    // Compared before the manifest is read: a head that nobody knows is a moved branch as well.
    if (!current.head().equals(expectedHead)) {
      throw BranchErrors.refMoved(branch, expectedHead, current.head());
    }
    expectedHead.map(this::commit).ifPresent(head -> tables.putAll(head.tables()));
    tables.keySet().removeAll(removes);
    tables.putAll(puts);
    BranchCommit next =
        BranchCommit.of(
            json,
            expectedHead.stream().toList(),
            author,
            clock.instant(),
            message,
            properties,
            tables);
    move(branch, expectedHead, next);
    return next;
  }

  private void move(String branch, Optional<String> expectedHead, BranchCommit next) {
    String key = PREFIX + branch;
    while (true) {
      Optional<String> stored = table.find(key);
      Ref before = stored.map(value -> ref(key, value)).orElseGet(() -> newRef(BranchType.MAIN));
      boolean removed = stored.isEmpty() && !branch.equals(BranchName.MAIN);
      if (removed || !before.head().equals(expectedHead)) {
        throw BranchErrors.refMoved(branch, expectedHead, before.head());
      }
      try {
        table.commit(
            guarded(
                StateChange.builder()
                    .put(key, stored, json.compact(before.movedTo(next.id())))
                    .append(row(next))));
        return;
      } catch (StateConflictException e) {
        // Something about the ref or the fence changed; the next round tells what it was.
        continue;
      }
    }
  }

  /**
   * The newest commits of a branch, newest first, along the first parents.
   *
   * @throws FsMigrateException with code {@code UNKNOWN_BRANCH}
   */
  public List<BranchCommit> log(String branch, int limit) {
    List<BranchCommit> commits = new ArrayList<>();
    Optional<String> next = get(branch).head();
    while (next.isPresent() && commits.size() < limit) {
      BranchCommit commit = commit(next.get());
      commits.add(commit);
      next = commit.parents().stream().findFirst();
    }
    return List.copyOf(commits);
  }

  private BranchCommit commit(String id) {
    return table
        .row(id)
        .map(row -> json.read(table.path() + " commit " + id, row.json(), BranchCommit.class))
        .orElseThrow(() -> BranchErrors.missingCommit(id, table.path()));
  }

  private StateRow row(BranchCommit commit) {
    return new StateRow(commit.id(), COMMIT, commit.at(), json.compact(commit));
  }

  private Ref ref(String key, String value) {
    return json.read(table.path() + " " + key, value, Ref.class);
  }

  private Ref newRef(BranchType type) {
    return new Ref(type, Optional.empty(), 0, UUID.randomUUID().toString(), clock.instant());
  }
}
