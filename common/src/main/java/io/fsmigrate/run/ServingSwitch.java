package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes online stores serve another version, and the one before again. Everything that is against
 * it is found out for all stores before the first of them changes; then one changes after the
 * other, each in one step.
 */
public final class ServingSwitch {
  private final Catalog catalog;
  private final ServingHistory history;
  private final ServingMover mover;
  private final WrittenPlaces written;

  /**
   * @param hadoop to reach the saved plans of runs
   */
  public ServingSwitch(
      Catalog catalog, Ledger ledger, ServingHistory history, Configuration hadoop, Clock clock) {
    this.catalog = catalog;
    this.history = history;
    this.mover = new ServingMover(history, clock);
    this.written = new WrittenPlaces(ledger, new Warehouse(catalog.warehouse()), hadoop, clock);
  }

  /**
   * How a move is to be made.
   *
   * @param stores names of stores; empty for all of the group's that have a pointer
   * @param dryRun whether only to find out whether it could be
   * @param force whether also to serve what a run has not written completely
   */
  public record Request(String group, List<String> stores, boolean dryRun, boolean force) {}

  /** A store and what it is to serve. */
  private record Step(
      OnlineStoreDefinition definition,
      ServingPointer pointer,
      Optional<Served> now,
      Optional<Served> next) {
    String store() {
      return definition.name();
    }

    StoreServing result(boolean moved) {
      return new StoreServing(store(), definition.type(), true, now, next, moved);
    }
  }

  /** What stores serve, also of those without a pointer. */
  public List<StoreServing> show(String group, List<String> stores) {
    return definitions(group, stores).stream()
        .map(
            definition -> {
              Optional<ServingPointer> pointer = OnlineStores.of(definition).pointer();
              return new StoreServing(
                  definition.name(),
                  definition.type(),
                  pointer.isPresent(),
                  pointer.flatMap(p -> mover.served(definition.name(), p, group)),
                  Optional.empty(),
                  false);
            })
        .toList();
  }

  /**
   * Makes stores serve a version from where runs have last written it.
   *
   * @throws FsMigrateException SERVING_REFUSED naming everything that is against it, SERVING_MOVED,
   *     or of a store
   */
  public List<StoreServing> to(Request request, FeatureVersion version) {
    VersionedGroup target = catalog.version(request.group(), version);
    List<Step> steps = new ArrayList<>();
    List<String> obstacles = new ArrayList<>();
    for (OnlineStoreDefinition definition : withPointer(request)) {
      ServingPointer pointer = OnlineStores.of(definition).pointer().orElseThrow();
      Optional<Served> now = mover.served(definition.name(), pointer, request.group());
      FeatureVersion keyVersion =
          written
              .newest(request.group(), version, definition.name())
              .flatMap(run -> run.place().inPlaceOf())
              .map(FeatureVersion::new)
              .orElse(version);
      Served next = served(definition, target, keyVersion);
      boolean same = now.filter(next::isSameAs).isPresent();
      steps.add(new Step(definition, pointer, now, same ? Optional.empty() : Optional.of(next)));
      if (!same) {
        obstacles.addAll(obstacles(definition, target, next, request.force()));
      }
    }
    return make(ServingMove.Cause.SWITCH, request, steps, obstacles);
  }

  /**
   * Makes stores serve what they served before.
   *
   * @throws FsMigrateException as {@link #to}
   */
  public List<StoreServing> back(Request request) {
    List<Step> steps = new ArrayList<>();
    List<String> obstacles = new ArrayList<>();
    for (OnlineStoreDefinition definition : withPointer(request)) {
      ServingPointer pointer = OnlineStores.of(definition).pointer().orElseThrow();
      Optional<Served> now = mover.served(definition.name(), pointer, request.group());
      Optional<Served> before = now.flatMap(served -> history.before(served, definition.name()));
      steps.add(new Step(definition, pointer, now, before));
      if (before.isEmpty()) {
        obstacles.add(ServingErrors.nothingBefore(definition.name(), request.group(), now));
      } else {
        VersionedGroup target = catalog.version(request.group(), before.get().version());
        String place = served(definition, target, before.get().keyVersion()).place();
        if (place.equals(before.get().place())) {
          obstacles.addAll(obstacles(definition, target, before.get(), request.force()));
        } else {
          obstacles.add(ServingErrors.placeChanged(definition.name(), before.get(), place));
        }
      }
    }
    return make(ServingMove.Cause.BACK, request, steps, obstacles);
  }

  /** Time and author are those of the move, which comes later. */
  private static Served served(
      OnlineStoreDefinition definition, VersionedGroup target, FeatureVersion keyVersion) {
    return new Served(
        target.group(),
        target.version(),
        keyVersion,
        OnlineStores.of(definition.inPlaceOf(keyVersion)).place(target),
        Instant.EPOCH,
        "");
  }

  private List<String> obstacles(
      OnlineStoreDefinition definition, VersionedGroup target, Served next, boolean force) {
    OnlineStore there = OnlineStores.of(definition.inPlaceOf(next.keyVersion()));
    List<String> obstacles = new ArrayList<>();
    if (!there.hasRecords(target)) {
      obstacles.add(ServingErrors.empty(definition.name(), next));
      return obstacles;
    }
    Optional<WrittenPlaces.Written> run =
        written.newest(target.group(), target.version(), definition.name());
    if (!force && run.isPresent() && !run.get().isComplete()) {
      obstacles.add(ServingErrors.incomplete(definition.name(), next, run.get().run()));
    }
    there.pointer().orElseThrow().check(target.group(), next.place());
    return obstacles;
  }

  private List<StoreServing> make(
      ServingMove.Cause cause, Request request, List<Step> steps, List<String> obstacles) {
    if (!obstacles.isEmpty()) {
      throw ServingErrors.refused(obstacles);
    }
    List<StoreServing> results = new ArrayList<>();
    List<String> done = new ArrayList<>();
    for (Step step : steps) {
      if (request.dryRun() || step.next().isEmpty()) {
        results.add(step.result(false));
        continue;
      }
      Optional<Served> moved;
      try {
        moved =
            mover.move(
                cause,
                step.store(),
                step.pointer(),
                step.now(),
                step.next().get(),
                Optional.empty());
      } catch (FsMigrateException e) {
        throw ServingErrors.partly(e, done);
      }
      if (moved.isEmpty()) {
        throw ServingErrors.movedMeanwhile(step.store(), request.group(), done);
      }
      done.add(step.store());
      results.add(new Step(step.definition(), step.pointer(), step.now(), moved).result(true));
    }
    return results;
  }

  private List<OnlineStoreDefinition> withPointer(Request request) {
    List<OnlineStoreDefinition> all = definitions(request.group(), request.stores());
    List<OnlineStoreDefinition> with =
        all.stream()
            .filter(definition -> OnlineStores.of(definition).pointer().isPresent())
            .toList();
    if (with.isEmpty()) {
      throw ServingErrors.noStore(
          request.group(), all.stream().map(OnlineStoreDefinition::name).toList());
    }
    if (!request.stores().isEmpty()) {
      all.stream()
          .filter(definition -> !with.contains(definition))
          .findFirst()
          .ifPresent(
              definition -> {
                throw ServingErrors.noPointer(definition.name());
              });
    }
    return with;
  }

  /** Those named, or those of any version of the group. */
  private List<OnlineStoreDefinition> definitions(String group, List<String> stores) {
    Set<String> names = new LinkedHashSet<>(stores);
    if (names.isEmpty()) {
      catalog.group(group).versions().values().forEach(v -> names.addAll(v.onlineStores()));
    } else {
      catalog.group(group);
    }
    return names.stream().map(catalog::onlineStore).toList();
  }
}
