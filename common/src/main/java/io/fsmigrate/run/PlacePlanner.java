package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.compat.AdditiveChange;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides for each store where the records of a run go, so that nobody who reads what is served
 * sees other values than the version he reads has:
 *
 * <ul>
 *   <li>a version goes to its own place;
 *   <li>with {@code --in-place}, to that of the version that is served, if it only adds features;
 *   <li>a version that is served goes where it is served, in place of another or not;
 *   <li>a run to another branch than main writes nothing where readers are.
 * </ul>
 */
final class PlacePlanner {
  private final Catalog catalog;

  PlacePlanner(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Plans it.
   *
   * @param branch the target's
   * @param inPlace whether that of the version that is served is wanted
   * @param earlier what was planned before for the same run: its places hold
   */
  Places plan(
      List<OnlineStoreDefinition> stores,
      VersionedGroup target,
      boolean inPlace,
      String branch,
      List<Plan.OnlineTarget> earlier) {
    List<OnlineStoreDefinition> placed = new ArrayList<>();
    Map<String, Served> served = new TreeMap<>();
    List<String> refusals = new ArrayList<>();
    for (OnlineStoreDefinition definition : stores) {
      Optional<Plan.OnlineTarget> before =
          earlier.stream().filter(planned -> planned.store().equals(definition.name())).findFirst();
      if (before.isPresent()) {
        OnlineStoreDefinition there =
            in(definition, before.get().inPlaceOf().map(FeatureVersion::new));
        placed.add(there);
        refusals.addAll(sinceServed(there, target, branch));
        continue;
      }
      Optional<ServingPointer> pointer =
          HistoryPhase.servesRecords(definition)
              ? OnlineStores.of(definition).pointer()
              : Optional.empty();
      if (pointer.isEmpty()) {
        placed.add(definition);
        continue;
      }
      Optional<Served> now = pointer.get().read(target.group());
      now.ifPresent(known -> served.put(definition.name(), known));
      Case one = new Case(target, inPlace, branch.equals(Address.DEFAULT_BRANCH), branch, now);
      OnlineStoreDefinition there = in(definition, one.placeVersion());
      placed.add(there);
      OnlineStore store = OnlineStores.of(there);
      List<String> against = refusals(definition.name(), one, store.place(target));
      refusals.addAll(against);
      if (against.isEmpty() && one.moves()) {
        pointer.get().check(target.group(), store.place(target));
      }
    }
    return new Places(placed, served, refusals);
  }

  /** Why a run that is taken up may not go on where it was: readers have been led there since. */
  private static List<String> sinceServed(
      OnlineStoreDefinition definition, VersionedGroup target, String branch) {
    OnlineStore store = OnlineStores.of(definition);
    return branch.equals(Address.DEFAULT_BRANCH) || !HistoryPhase.servesRecords(definition)
        ? List.of()
        : store
            .pointer()
            .flatMap(pointer -> pointer.read(target.group()))
            .filter(served -> served.place().equals(store.place(target)))
            .map(served -> List.of(readersAreThere(definition.name(), served, branch)))
            .orElse(List.of());
  }

  private static String readersAreThere(String store, Served served, String branch) {
    return "online store %s: readers see %s in %s, which only a run to branch %s may change, not one to %s; name other stores with --online, or none"
        .formatted(store, served.address(), served.place(), Address.DEFAULT_BRANCH, branch);
  }

  private static OnlineStoreDefinition in(
      OnlineStoreDefinition definition, Optional<FeatureVersion> version) {
    return version.map(definition::inPlaceOf).orElse(definition);
  }

  /** One store with a pointer, and what is wanted of it. */
  private record Case(
      VersionedGroup target, boolean inPlace, boolean main, String branch, Optional<Served> now) {
    boolean isServed() {
      return now.map(Served::version).equals(Optional.of(target.version()));
    }

    /** Whether the run is going to move the pointer. */
    boolean moves() {
      return main && (now.isEmpty() || (inPlace && !isServed()));
    }

    Optional<FeatureVersion> placeVersion() {
      return now.filter(served -> inPlace || isServed())
          .map(Served::keyVersion)
          .filter(version -> !version.equals(target.version()));
    }
  }

  private List<String> refusals(String store, Case one, String place) {
    List<String> refusals = new ArrayList<>();
    String address = one.target().address();
    if (one.now().isEmpty()) {
      if (one.inPlace()) {
        refusals.add(
            "online store %s serves no version of %s yet that %s could take the place of; leave out --in-place, or name other stores with --online"
                .formatted(store, one.target().group(), address));
      }
      return refusals;
    }
    Served served = one.now().get();
    boolean sharesPlace = place.equals(served.place());
    if (!one.main() && (sharesPlace || one.inPlace())) {
      refusals.add(readersAreThere(store, served, one.branch()));
    } else if (one.isServed()) {
      return refusals;
    } else if (one.inPlace() && !sharesPlace) {
      refusals.add(
          "online store %s serves %s from %s, and its settings say %s; put them as they were, or leave out --in-place"
              .formatted(store, served.address(), served.place(), place));
    } else if (one.inPlace()) {
      refusals.addAll(obstacles(store, one.target(), served));
    } else if (sharesPlace) {
      refusals.add(
          "online store %s serves %s from %s, where %s would go as well: write {version} into the name in its settings, or add --in-place if %s only adds features"
              .formatted(store, served.address(), served.place(), address, address));
    }
    return refusals;
  }

  private List<String> obstacles(String store, VersionedGroup target, Served served) {
    VersionedGroup before;
    try {
      before = catalog.version(served.group(), served.version());
    } catch (FsMigrateException e) {
      return List.of(
          "online store %s serves %s, which the catalog does not define, so that nobody can say what %s changes; define it, or leave out --in-place"
              .formatted(store, served.address(), target.address()));
    }
    List<String> obstacles = AdditiveChange.between(before, target).obstacles();
    return obstacles.isEmpty()
        ? List.of()
        : List.of(
            "online store %s: %s cannot take the place of %s, which is served, for it does more than add features: %s; leave out --in-place and switch when it is written"
                .formatted(
                    store, target.address(), served.address(), String.join("; ", obstacles)));
  }
}
