package io.fsmigrate.run;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.state.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Where runs have written records of a version, by their saved plans and their progress. */
final class WrittenPlaces {
  private final Ledger ledger;
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Clock clock;
  private final Json json = new Json();

  WrittenPlaces(Ledger ledger, Warehouse warehouse, Configuration hadoop, Clock clock) {
    this.ledger = ledger;
    this.warehouse = warehouse;
    this.hadoop = hadoop;
    this.clock = clock;
  }

  /**
   * The newest run that has written of a version into a store.
   *
   * @param place what was planned for the store
   */
  record Written(RunRecord run, Plan.OnlineTarget place) {
    /** Whether everything that was to be written is. */
    boolean isComplete() {
      return run.state() == RunState.FINISHED || run.state() == RunState.FINISHED_WITH_FAILURES;
    }
  }

  /** A run that ended before its first unit online has changed nothing in the store. */
  Optional<Written> newest(String group, FeatureVersion version, String store) {
    for (RunRecord run : runs(group, version)) {
      Optional<Written> written =
          places(run).stream()
              .filter(target -> target.store().equals(store) && target.units() > 0)
              .findFirst()
              .filter(target -> hasBegun(run, store))
              .map(target -> new Written(run, target));
      if (written.isPresent()) {
        return written;
      }
    }
    return Optional.empty();
  }

  private boolean hasBegun(RunRecord run, String store) {
    return !new UnitProgress(warehouse.root(), run.id(), hadoop, clock).done(store).isEmpty();
  }

  private List<RunRecord> runs(String group, FeatureVersion version) {
    String address = ":%s@%s".formatted(group, version);
    return ledger.list(Integer.MAX_VALUE).stream()
        .filter(
            run ->
                switch (run.command()) {
                  case Migrator.COMMAND -> run.target().endsWith(address);
                  case Publisher.COMMAND -> run.source().endsWith(address);
                  default -> false;
                })
        .toList();
  }

  private List<Plan.OnlineTarget> places(RunRecord run) {
    return run.command().equals(Publisher.COMMAND)
        ? plan(run.id(), PublishPlan.class).map(PublishPlan::online).orElse(List.of())
        : plan(run.id(), Plan.class).map(Plan::online).orElse(List.of());
  }

  private <T> Optional<T> plan(String run, Class<T> type) {
    try {
      return warehouse
          .readText(hadoop, warehouse.file(run, "plan.json"))
          .map(text -> json.read("plan of " + run, text, type));
    } catch (IOException e) {
      throw RunErrors.planUnreadable(run, e);
    }
  }
}
