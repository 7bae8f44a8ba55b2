package io.fsmigrate.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes sure that somebody means it before what readers see is removed. */
final class Confirmation {
  private final boolean given;
  private final Optional<Supplier<String>> terminal;
  private final PrintWriter people;

  /**
   * @param given whether it was said beforehand
   * @param terminal reads a line from a person; empty where there is none
   */
  Confirmation(boolean given, Optional<Supplier<String>> terminal, PrintWriter people) {
    this.given = given;
    this.terminal = terminal;
    this.people = people;
  }

  /**
   * Asks before something is changed; without a terminal the answer is no.
   *
   * @param subject what is changed
   * @param changes what would be done
   */
  boolean isGiven(String subject, List<String> changes) {
    if (given || terminal.isEmpty()) {
      return given;
    }
    people.printf("%s: %s.%n", subject, String.join("; ", changes));
    people.print("Type yes to go on: ");
    people.flush();
    return "yes".equals(terminal.get().get());
  }

  /**
   * @param subject what the removal is part of
   * @param name to be repeated
   * @param clears what is removed; may be nothing
   * @throws io.fsmigrate.error.FsMigrateException CONFIRMATION_NEEDED
   */
  void require(String subject, String name, List<String> clears) {
    if (clears.isEmpty() || given) {
      return;
    }
    if (terminal.isEmpty()) {
      throw JobsErrors.confirmationNeeded(subject, clears);
    }
    people.printf("%s: this removes %s.%n", subject, String.join("; ", clears));
    people.printf("Type %s to go on: ", name);
    people.flush();
    if (!name.equals(terminal.get().get())) {
      throw JobsErrors.notConfirmed(subject);
    }
  }
}
