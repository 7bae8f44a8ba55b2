package io.fsmigrate.jobs;

import io.fsmigrate.online.Served;
import io.fsmigrate.run.ServingMove;
import io.fsmigrate.run.StoreServing;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@link ServingCommand} answers, in the form of its JSON. */
final class ServingDocuments {
  private ServingDocuments() {}

  record Stores(String group, boolean dryRun, List<Line> stores) {
    static Stores of(String group, boolean dryRun, List<StoreServing> stores) {
      return new Stores(group, dryRun, stores.stream().map(Line::of).toList());
    }
  }

  /**
   * What one store serves, and what it is made to; absent where it has no pointer or serves none.
   */
  record Line(
      String store,
      String type,
      boolean pointer,
      Optional<Version> served,
      Optional<Version> next,
      boolean moved) {
    static Line of(StoreServing store) {
      return new Line(
          store.store(),
          store.type(),
          store.pointer(),
          store.now().map(Version::of),
          store.next().map(Version::of),
          store.moved());
    }
  }

  /** A version as it is served; one that is not yet has neither time nor author. */
  record Version(
      String version, String keyVersion, String place, Optional<String> at, Optional<String> by) {
    static Version of(Served served) {
      boolean known = !served.by().isEmpty();
      return new Version(
          served.version().text(),
          served.keyVersion().text(),
          served.place(),
          known ? Optional.of(served.at().toString()) : Optional.empty(),
          known ? Optional.of(served.by()) : Optional.empty());
    }
  }

  record Moves(String group, List<Move> moves) {}

  /** One move as it is on record. */
  record Move(
      String id,
      String at,
      String store,
      String state,
      String cause,
      Optional<String> from,
      String to,
      String place,
      Optional<String> run,
      String by) {
    static Move of(ServingMove move) {
      return new Move(
          move.id(),
          move.at().toString(),
          move.store(),
          move.state().text(),
          move.cause().name().toLowerCase(Locale.ROOT),
          move.from().map(served -> served.version().text()),
          move.to().version().text(),
          move.to().place(),
          move.run(),
          move.owner().text());
    }
  }
}
