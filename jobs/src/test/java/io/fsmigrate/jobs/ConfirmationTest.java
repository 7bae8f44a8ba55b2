package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.run.Fingerprint;
import io.fsmigrate.run.MigrateRequest;
import io.fsmigrate.run.Plan;
import io.fsmigrate.run.WriteMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
  private final StringWriter shown = new StringWriter();

  private Confirmation terminal(String answer) {
    return new Confirmation(false, Optional.of(() -> answer), new PrintWriter(shown));
  }

  @Test
  void theNameOfTheTargetMustBeTyped() {
    assertThatCode(
            () ->
                terminal("flights@2.0.0")
                    .require(
                        "main:flights@2.0.0", "flights@2.0.0", plan(WriteMode.REPLACE).clears()))
        .doesNotThrowAnyException();
    assertThat(shown.toString())
        .contains(
            "main:flights@2.0.0: this removes 3,000 rows of flights@1.0.0 on branch main (the table"
                + " stays); 3,399 records of online store a; an unknown number of records of online"
                + " store b.")
        .endsWith("Type flights@2.0.0 to go on: ");
  }

  @Test
  void anythingElseIsNo() {
    for (String answer : new String[] {"y", "yes", "flights", ""}) {
      assertThatThrownBy(
              () ->
                  terminal(answer)
                      .require(
                          "main:flights@2.0.0", "flights@2.0.0", plan(WriteMode.REPLACE).clears()))
          .isInstanceOf(FsMigrateException.class)
          .hasMessageContaining("nothing was written");
    }
  }

  @Test
  void withoutATerminalItMustHaveBeenSaidBefore() {
    PrintWriter people = new PrintWriter(shown);
    assertThatThrownBy(
            () ->
                new Confirmation(false, Optional.empty(), people)
                    .require(
                        "main:flights@2.0.0", "flights@2.0.0", plan(WriteMode.REPLACE).clears()))
        .hasMessageContaining("--yes");
    assertThatCode(
            () ->
                new Confirmation(true, Optional.empty(), people)
                    .require(
                        "main:flights@2.0.0", "flights@2.0.0", plan(WriteMode.REPLACE).clears()))
        .doesNotThrowAnyException();
    assertThat(shown.toString()).isEmpty();
  }

  @Test
  void whatRemovesNothingNeedsNoWord() {
    assertThatCode(
            () ->
                new Confirmation(false, Optional.empty(), new PrintWriter(shown))
                    .require(
                        "main:flights@2.0.0", "flights@2.0.0", plan(WriteMode.APPEND).clears()))
        .doesNotThrowAnyException();
  }

  private static Plan plan(WriteMode mode) {
    return new Plan(
        Plan.SCHEMA,
        Instant.EPOCH,
        MigrateRequest.builder("flights@1.0.0", "flights@2.0.0").mode(mode).build(),
        new SourceSnapshot("delta", "/t", Optional.of(0L), "", 1, 1, Optional.of(1L), "id STRING"),
        "1.0.0",
        new Plan.Target(
            "main",
            "flights",
            "2.0.0",
            true,
            Optional.of(new TablePointer("/t", 0, new FeatureVersion("1.0.0"))),
            Optional.of(3_000L),
            Plan.Strategy.REPLACE_TABLE),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new Plan.Units(1, ""),
        Optional.empty(),
        Optional.of(1L),
        1,
        Optional.empty(),
        List.of(
            online("a", Optional.of(3_399L)),
            online("b", Optional.empty()),
            online("empty", Optional.of(0L))),
        List.of(),
        List.of(),
        List.of(),
        Fingerprint.of(Map.of()));
  }

  private static Plan.OnlineTarget online(String name, Optional<Long> records) {
    return new Plan.OnlineTarget(
        name,
        "sqlite",
        1,
        false,
        "flights@1.0.0",
        Optional.empty(),
        Optional.empty(),
        WriteStrategy.FULL,
        Optional.of(new Plan.Clearing(records, false)),
        Optional.empty(),
        Optional.empty());
  }
}
