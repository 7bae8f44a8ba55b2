package io.fsmigrate.online.sagemaker;

import static io.fsmigrate.online.sagemaker.Targets.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between us and the service, and what becomes of records. */
class SageMakerFaultsTest {
  private static final VersionedGroup FLIGHTS = Targets.of("delay", "int");
  private static final List<OnlineRecord> RECORDS = Targets.records(500, NOON);

  private EmulatedGroups groups;

  @BeforeEach
  void startAnew() {
    groups = EmulatedGroups.fresh();
    groups.create(FLIGHTS, "Standard");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"throttleShare\":0.4,\"seed\":1}",
        "{\"errorShare\":0.05,\"seed\":2}",
        "{\"errorShare\":0.3,\"status\":503,\"code\":\"ServiceUnavailable\",\"seed\":2}",
        "{\"dropShare\":0.2,\"seed\":3}",
        "{\"dropShare\":0.2,\"dropWhen\":\"after\",\"seed\":4}",
        "{\"unprocessedShare\":0.2,\"seed\":5}",
        "{\"entryErrorShare\":0.1,\"seed\":6}",
        "{\"entryErrorShare\":0.1,\"entryErrorCode\":\"ThrottlingException\",\"seed\":7}"
      })
  void everyRecordArrivesWhateverPassingTroubleThereIs(String fault) {
    groups.emulator().faults(only("BatchWriteRecord", fault), only("PutRecord", fault));

    for (String batches : List.of("auto", "never")) {
      List<OnlineRecord> some = batches.equals("auto") ? RECORDS : RECORDS.subList(0, 60);
      WriteOutcome outcome =
          Targets.write(groups.store("batch-write", batches), FLIGHTS, Targets.run(), some);
      assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, some.size(), List.of()));
    }
    groups.emulator().faults();
    assertThat(groups.store().count(FLIGHTS)).hasValue(500);
  }

  private static String only(String operation, String fault) {
    return "{\"operation\":\"" + operation + "\"," + fault.substring(1);
  }

  @Test
  void onlyWhatFailedIsSentAgain() {
    groups
        .emulator()
        .faults("{\"operation\":\"BatchWriteRecord\",\"entryErrorShare\":1,\"forCalls\":1}");

    WriteOutcome outcome =
        Targets.write(groups.store(), FLIGHTS, Targets.run(), RECORDS.subList(0, 50));

    assertThat(outcome.submitted()).isEqualTo(50);
    long sent =
        groups.calls("BatchWriteRecord").stream().mapToLong(c -> c.get("entries").asLong()).sum();
    assertThat(sent).isEqualTo(75);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void aPoisonedRecordFailsAloneAndForGood(String batches) {
    groups.emulator().faults("{\"poisonIdentifiers\":[\"k3\",\"k44\",\"k99\"]}");

    WriteOutcome outcome =
        Targets.write(
            groups.store("batch-write", batches), FLIGHTS, Targets.run(), RECORDS.subList(0, 100));

    assertThat(outcome.submitted()).isEqualTo(97);
    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code() + " " + f.retryable())
        .containsExactly(
            "3 ValidationError false", "44 ValidationError false", "99 ValidationError false");
  }

  @Test
  void aCallThatIsRefusedAsAWholeIsHalvedUntilTheRecordToBlameIsFound() {
    // Nothing that we check: the group knows no such feature any more.
    VersionedGroup other = Targets.of("delay", "int", "note", "string");
    groups.emulator().reset();
    groups.create(other, "Standard");
    List<OnlineRecord> records =
        RECORDS.subList(0, 25).stream()
            .map(r -> OnlineRecord.of(r.values().get(0), NOON, r.values().get(2), "x"))
            .toList();
    groups
        .emulator()
        .faults(
            "{\"operation\":\"BatchWriteRecord\",\"errorShare\":1,\"status\":400,"
                + "\"code\":\"ValidationError\",\"forCalls\":3}");

    WriteOutcome outcome = Targets.write(groups.store(), other, Targets.run(), records);

    assertThat(outcome.submitted()).isEqualTo(25);
    assertThat(groups.calls("BatchWriteRecord"))
        .extracting(c -> c.get("entries").asInt())
        .startsWith(25)
        .contains(12, 13);
  }

  @ParameterizedTest
  @CsvSource({"AccessForbidden", "AccessDeniedException", "UnknownOperationException"})
  void withoutBatchWritesTheRunGoesOnOneByOne(String code) {
    groups
        .emulator()
        .admin(
            "PUT",
            "denials",
            "{\"denials\":[{\"operation\":\"BatchWriteRecord\",\"code\":\"" + code + "\"}]}");
    WriteContext run = Targets.run();

    WriteOutcome outcome = Targets.write(groups.store(), FLIGHTS, run, RECORDS.subList(0, 100));
    int tried = groups.calls("BatchWriteRecord").size();
    WriteOutcome next = Targets.write(groups.store(), FLIGHTS, run, RECORDS.subList(100, 200));

    assertThat(outcome.submitted() + next.submitted()).isEqualTo(200);
    assertThat(groups.calls("PutRecord")).hasSize(200);
    // Later tasks of the run in this JVM do not try again.
    assertThat(tried).isBetween(1, 4);
    assertThat(groups.calls("BatchWriteRecord")).hasSize(tried);
  }

  @Test
  void withoutPermissionToPutEitherTheStoreCannotBeUsed() {
    groups
        .emulator()
        .admin(
            "PUT",
            "denials",
            "{\"denials\":[{\"operation\":\"BatchWriteRecord\"},{\"operation\":\"PutRecord\"}]}");

    FsMigrateException failure = failure(groups.store());

    assertThat(failure.code()).isEqualTo("AWS_ACCESS_DENIED");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure).hasMessageContaining("flights");
  }

  @Test
  void aServiceThatIsAwayForSomeSecondsIsWaitedFor() throws Exception {
    OnlineStore store = groups.store();
    try (RecordWriter writer = store.open(FLIGHTS, Targets.run())) {
      long[] submitted = {0};
      groups.emulator().faults("{\"down\":true,\"forMillis\":4000}");
      for (int from = 0; from < 500; from += 100) {
        writer.write(RECORDS.subList(from, from + 100), o -> submitted[0] += o.submitted());
      }
      writer.commit();
      assertThat(submitted[0]).isEqualTo(500);
    }
    assertThat(store.count(FLIGHTS)).hasValue(500);
  }

  @Test
  void aServiceThatStaysAwayEndsTheRunWhichCanBeResumed() {
    OnlineStore store = groups.store("unavailable-after", "2 seconds");
    FsMigrateException failure;
    try (RecordWriter writer = store.open(FLIGHTS, Targets.run())) {
      groups.emulator().faults("{\"down\":true}");
      failure =
          catchThrowableOfType(
              FsMigrateException.class,
              () -> {
                writer.write(RECORDS, o -> {});
                writer.commit();
              });
      assertThat(catchThrowableOfType(IllegalStateException.class, writer::flush))
          .hasMessageContaining("open another");
    }
    assertThat(failure.code()).isEqualTo("AWS_UNAVAILABLE");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(JvmClients.open()).isZero();

    groups.emulator().faults();
    assertThat(Targets.write(groups.store(), FLIGHTS, Targets.run(), RECORDS).submitted())
        .isEqualTo(500);
  }

  @Test
  void aCallWithoutReplyIsGivenUpAndMadeAgain() {
    groups
        .emulator()
        .faults("{\"operation\":\"BatchWriteRecord\",\"latencyMillis\":60000,\"forCalls\":1}");

    WriteOutcome outcome =
        Targets.write(
            groups.store("call-timeout", "1 second"),
            FLIGHTS,
            Targets.run(),
            RECORDS.subList(0, 100));

    assertThat(outcome.submitted()).isEqualTo(100);
  }

  @Test
  void wrongCredentialsEndTheRunAndAreNotShown() {
    FsMigrateException failure = failure(groups.store("profile", "wrong"));

    assertThat(failure.code()).isEqualTo("AWS_CREDENTIALS_REJECTED");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(everything(failure)).doesNotContain(EmulatedGroups.WRONG_SECRET);
  }

  @Test
  void credentialsThatExpireInMidRunLeaveItToBeResumed() {
    groups.emulator().faults("{\"operation\":\"BatchWriteRecord\",\"expiredTokenAfterCalls\":5}");

    FsMigrateException failure = failure(groups.store("profile", "session"));

    assertThat(failure.code()).isEqualTo("AWS_CREDENTIALS_EXPIRED");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(everything(failure))
        .doesNotContain(EmulatedGroups.SESSION_TOKEN)
        .doesNotContain("session-secret");
    assertThat(groups.store("profile", "session").toString())
        .doesNotContain(EmulatedGroups.SESSION_TOKEN);

    groups.emulator().faults();
    assertThat(Targets.write(groups.store(), FLIGHTS, Targets.run(), RECORDS).submitted())
        .isEqualTo(500);
    assertThat(groups.store().count(FLIGHTS)).hasValue(500);
  }

  @Test
  void aGroupThatIsNotThereIsSaidBeforeTheFirstCall() {
    groups.emulator().reset();

    assertThat(
            catchThrowableOfType(
                FsMigrateException.class, () -> groups.store().check(FLIGHTS, false)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("FEATURE_GROUP_NOT_FOUND"));
    assertThat(failure(groups.store()).code()).isEqualTo("FEATURE_GROUP_NOT_FOUND");
  }

  private FsMigrateException failure(OnlineStore store) {
    return catchThrowableOfType(
        FsMigrateException.class, () -> Targets.write(store, FLIGHTS, Targets.run(), RECORDS));
  }

  private static String everything(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text + failure.toString();
  }
}
