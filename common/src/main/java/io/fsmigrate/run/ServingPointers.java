package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Lets stores serve what a run has written, where that is what the run was for: the first version
 * of a group, and one that was written in place. Everything else is for {@code serving switch} to
 * do. Only runs to main move a pointer, and each run once: what somebody has switched since stays.
 */
final class ServingPointers {
  private final ServingHistory history;
  private final ServingMover mover;

  private ServingPointers(ServingHistory history, ServingMover mover) {
    this.history = history;
    this.mover = mover;
  }

  /** With the record of that warehouse. */
  static ServingPointers of(String warehouse, Configuration hadoop, Clock clock) {
    ServingHistory history = new ServingHistory(warehouse, hadoop, clock);
    return new ServingPointers(history, new ServingMover(history, clock));
  }

  /**
   * What a run has written.
   *
   * @param stores each where it was written
   * @param online what was planned for them
   * @param branch that has the rows
   * @param inPlace whether the place of the version that was served was wanted
   */
  record Written(
      VersionedGroup target,
      List<OnlineStoreDefinition> stores,
      List<Plan.OnlineTarget> online,
      String branch,
      boolean inPlace) {
    private Optional<Served> planned(String store) {
      return online.stream()
          .filter(planned -> planned.store().equals(store))
          .findFirst()
          .flatMap(Plan.OnlineTarget::served);
    }

    private boolean isForReaders() {
      return branch.equals(Address.DEFAULT_BRANCH);
    }
  }

  /**
   * Moves what is to be moved.
   *
   * @return a line for each store that has a pointer
   * @throws FsMigrateException where a store is away or does not let us; the run can be resumed
   */
  List<RunReport.Serving> execute(Written written, String run) {
    List<RunReport.Serving> lines = new ArrayList<>();
    List<FsMigrateException> failures = new ArrayList<>();
    for (OnlineStoreDefinition definition : written.stores()) {
      OnlineStore store = OnlineStores.of(definition);
      if (!HistoryPhase.servesRecords(definition) || store.pointer().isEmpty()) {
        continue;
      }
      try {
        lines.add(serve(written, run, definition, store.pointer().get(), store));
      } catch (FsMigrateException e) {
        failures.add(ServingPhase.outage(e, run));
      }
    }
    if (!failures.isEmpty()) {
      throw RunErrors.storesFailed(failures);
    }
    return lines;
  }

  private RunReport.Serving serve(
      Written all,
      String run,
      OnlineStoreDefinition definition,
      ServingPointer pointer,
      OnlineStore store) {
    String name = definition.name();
    Optional<Served> now = mover.served(name, pointer, all.target().group());
    Served written =
        new Served(
            all.target().group(),
            all.target().version(),
            definition.inPlace().map(FeatureVersion::new).orElse(all.target().version()),
            store.place(all.target()),
            Instant.EPOCH,
            "");
    Optional<Served> planned = all.planned(name);
    boolean asPlanned =
        now.isEmpty()
            ? planned.isEmpty()
            : all.inPlace() && planned.filter(now.get()::isSameAs).isPresent();
    boolean wanted =
        all.isForReaders()
            && asPlanned
            && now.filter(written::isSameAs).isEmpty()
            && !hasMoved(run, name, written.group());
    if (wanted) {
      Optional<Served> moved =
          mover.move(ServingMove.Cause.RUN, name, pointer, now, written, Optional.of(run));
      now = moved.or(() -> pointer.read(written.group()));
    }
    return line(name, all, written, now, run);
  }

  private boolean hasMoved(String run, String store, String group) {
    return history.of(group, store).stream()
        .anyMatch(
            move -> move.run().equals(Optional.of(run)) && move.state() == ServingMove.State.MOVED);
  }

  private RunReport.Serving line(
      String store, Written all, Served written, Optional<Served> now, String run) {
    boolean serves = now.filter(written::isSameAs).isPresent();
    return new RunReport.Serving(
        store,
        written.place(),
        now.map(Served::address),
        now.map(Served::place),
        serves && hasMoved(run, store, written.group()),
        serves || !all.isForReaders()
            ? Optional.empty()
            : Optional.of(
                "serving switch %s --to %s --store %s"
                    .formatted(written.group(), written.version(), store)));
  }
}
