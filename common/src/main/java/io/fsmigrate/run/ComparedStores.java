package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The online stores of a verification, each where its records are.
 *
 * @param definitions the stores
 * @param sides the same as a plan shows them, in the same order
 * @param refusals why they may not be written; a verification that only reads passes over them
 */
record ComparedStores(
    List<OnlineStoreDefinition> definitions,
    List<VerifyPlan.OnlineSide> sides,
    List<String> refusals) {

  /** Finds the places of a subject's stores. One that does not answer keeps no other back. */
  static ComparedStores of(
      Catalog catalog, VerifiedSubject subject, List<String> names, Optional<Long> rows) {
    List<OnlineStoreDefinition> definitions = new ArrayList<>();
    List<VerifyPlan.OnlineSide> sides = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    int buckets = OnlineDescriber.buckets(rows, catalog.settings());
    for (String name : new LinkedHashSet<>(names)) {
      OnlineStoreDefinition definition = catalog.onlineStore(name);
      if (!HistoryPhase.servesRecords(definition)) {
        continue;
      }
      Optional<String> outage = Optional.empty();
      try {
        Places places =
            new PlacePlanner(catalog)
                .plan(
                    List.of(definition),
                    subject.target(),
                    subject.inPlace(),
                    subject.branch(),
                    subject.online());
        definition = places.stores().get(0);
        refusals.addAll(places.refusals());
      } catch (FsMigrateException e) {
        if (e.exitCode() != ExitCode.UNAVAILABLE) {
          throw e;
        }
        outage = Optional.of(e.getMessage());
      }
      definitions.add(definition);
      sides.add(
          new VerifyPlan.OnlineSide(
              definition.name(),
              definition.type(),
              OnlineStores.of(definition).place(subject.target()),
              definition.inPlace(),
              buckets,
              outage));
    }
    return new ComparedStores(definitions, sides, refusals);
  }
}
