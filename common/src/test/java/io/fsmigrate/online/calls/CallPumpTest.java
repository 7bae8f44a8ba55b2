package io.fsmigrate.online.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.online.restraint.CallGate;
import io.fsmigrate.online.restraint.GateState;
import io.fsmigrate.online.restraint.Permit;
import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The pump with a service and a clock of the test's own. */
class CallPumpTest {
  private static final ServiceFault THROTTLED =
      ServiceFault.of(400, "ThrottlingException", "Rate exceeded");
  private static final ServiceFault BROKEN = ServiceFault.of(500, "InternalFailure", "broken");
  private static final ServiceFault INVALID = ServiceFault.of(400, "ValidationError", "wrong");
  private static final ServiceFault DENIED = ServiceFault.of(403, "AccessForbidden", "no");

  private final AtomicLong clock = new AtomicLong();
  private final RecordingGate gate = new RecordingGate();
  private final List<String> done = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final CallPump pump =
      new CallPump(
          gate,
          new RetryPolicy(new Random(1)),
          new Outage(Duration.ofSeconds(10), 0),
          // Every look at it takes a while.
          () -> clock.addAndGet(50_000_000),
          fault ->
              new FsMigrateException(ExitCode.UNAVAILABLE, "STORE_GONE", fault.toString(), fault));

  private Lane<Integer, String> lane(ScriptedCall call) {
    return pump.lane(
        call,
        Integer.MAX_VALUE,
        new Lane.Outcomes<>() {
          @Override
          public void done(Integer entry, String result) {
            done.add(entry + result);
          }

          @Override
          public void refused(Integer entry, ServiceFault fault) {
            refused.add(entry + " " + fault.code());
          }
        });
  }

  private static void add(Lane<Integer, String> lane, int count) {
    IntStream.range(0, count).forEach(lane::add);
  }

  @Test
  void fillsCallsAndSendsTheRestAtTheEnd() {
    ScriptedCall call = new ScriptedCall(entries -> ok(entries));
    Lane<Integer, String> lane = lane(call);
    add(lane, 23);
    pump.advance();
    assertThat(call.sizes()).containsExactly(10, 10);

    pump.drain();

    assertThat(call.sizes()).containsExactly(10, 10, 3);
    assertThat(done).hasSize(23);
    assertThat(gate.ended).containsExactly("succeeded", "succeeded", "succeeded");
  }

  @Test
  void sendsAgainJustWhatFailed() {
    int[] calls = {0};
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              calls[0]++;
              return entries.stream()
                  .map(
                      e ->
                          e % 4 == 0 && calls[0] <= 2
                              ? Answer.<String>fault(BROKEN)
                              : Answer.of("!"))
                  .toList();
            });
    add(lane(call), 20);

    pump.drain();

    assertThat(done).hasSize(20).doesNotHaveDuplicates();
    assertThat(call.sent.get(2)).allSatisfy(e -> assertThat(e % 4).isZero());
  }

  @Test
  void halvesARefusedCallUntilTheEntryToBlameIsAlone() {
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              if (entries.contains(7)) {
                throw INVALID;
              }
              return ok(entries);
            });
    add(lane(call), 10);

    pump.drain();

    assertThat(refused).containsExactly("7 ValidationError");
    assertThat(done).hasSize(9);
    assertThat(call.sent.size()).isLessThan(10);
  }

  @Test
  void aThrottledCallSaysSoToTheGateAndIsMadeAgain() {
    int[] calls = {0};
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              if (calls[0]++ < 3) {
                throw THROTTLED;
              }
              return ok(entries);
            });
    add(lane(call), 10);

    pump.drain();

    assertThat(done).hasSize(10);
    assertThat(gate.ended).startsWith("throttled", "throttled").endsWith("succeeded");
  }

  @Test
  void givesUpAServiceThatIsAwayForTooLong() {
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              throw BROKEN;
            });
    add(lane(call), 10);

    FsMigrateException failure = catchThrowableOfType(FsMigrateException.class, pump::drain);

    assertThat(failure.code()).isEqualTo("STORE_GONE");
    assertThat(clock.get()).isGreaterThan(10_000_000_000L);
  }

  @Test
  void anEntryThatNeverSucceedsWhileOthersDoIsGivenUp() {
    ScriptedCall call =
        new ScriptedCall(
            entries ->
                entries.stream()
                    .map(e -> e == 3 ? Answer.<String>fault(THROTTLED) : Answer.of("!"))
                    .toList());
    Lane<Integer, String> lane = lane(call);
    lane.add(3);
    for (int i = 100; refused.isEmpty() && i < 1_000_000; i++) {
      lane.add(i);
      pump.await();
    }

    assertThat(refused).containsExactly("3 ThrottlingException");
    assertThat(clock.get()).isGreaterThan(10_000_000_000L);
    pump.drain();
  }

  @Test
  void whatNoOtherCallCanMendEndsAtOnce() {
    int[] calls = {0};
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              calls[0]++;
              throw DENIED;
            });
    add(lane(call), 10);

    assertThat(catchThrowableOfType(FsMigrateException.class, pump::drain).getMessage())
        .contains("AccessForbidden");
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void anotherCallTakesTheEntriesOver() {
    ScriptedCall single = new ScriptedCall(CallPumpTest::ok, 1);
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              throw DENIED;
            }) {
          @Override
          public Optional<RemoteCall<Integer, String>> instead(ServiceFault fault) {
            return Optional.of(single);
          }
        };
    add(lane(call), 30);

    pump.drain();

    assertThat(done).hasSize(30).doesNotHaveDuplicates();
    assertThat(single.sizes()).hasSize(30).containsOnly(1);
  }

  @Test
  void aDefectIsNotTriedAgain() {
    ScriptedCall call =
        new ScriptedCall(
            entries -> {
              throw new IllegalArgumentException("defect");
            });
    add(lane(call), 10);

    assertThat(catchThrowableOfType(IllegalStateException.class, pump::drain))
        .hasRootCauseMessage("defect");
  }

  @Test
  void entriesWaitLongerEveryTimeAndNeverTooLong() {
    RetryPolicy policy = new RetryPolicy(new Random(7));
    for (int failures = 1; failures < 100; failures++) {
      long most = 0;
      for (int i = 0; i < 200; i++) {
        most = Math.max(most, policy.waitNanos(failures));
      }
      long bound = Math.min(5_000_000_000L, 50_000_000L << Math.min(failures - 1, 7));
      assertThat(most).isLessThanOrEqualTo(bound).isGreaterThan(bound * 8 / 10);
    }
  }

  private static List<Answer<String>> ok(List<Integer> entries) {
    return entries.stream().map(e -> Answer.of("!")).toList();
  }

  /** A service that answers at once. */
  private static class ScriptedCall implements RemoteCall<Integer, String> {
    private final Function<List<Integer>, List<Answer<String>>> answers;
    private final int capacity;
    private final List<List<Integer>> sent = new ArrayList<>();

    ScriptedCall(Function<List<Integer>, List<Answer<String>>> answers) {
      this(answers, 10);
    }

    ScriptedCall(Function<List<Integer>, List<Answer<String>>> answers, int capacity) {
      this.answers = answers;
      this.capacity = capacity;
    }

    List<Integer> sizes() {
      return sent.stream().map(List::size).toList();
    }

    @Override
    public int capacity() {
      return capacity;
    }

    @Override
    public CallCost cost(List<Integer> entries) {
      return new CallCost(entries.size(), 0);
    }

    @Override
    public CompletableFuture<List<Answer<String>>> send(List<Integer> entries) {
      sent.add(entries);
      return CompletableFuture.completedFuture(answers.apply(entries));
    }
  }

  /** Lets everything through and remembers how it ended. */
  private static final class RecordingGate implements CallGate {
    private final List<String> ended = new ArrayList<>();

    @Override
    public Permit acquire(CallCost cost) {
      return new Permit() {
        @Override
        public void succeeded() {
          ended.add("succeeded");
        }

        @Override
        public void throttled() {
          ended.add("throttled");
        }

        @Override
        public void failed() {
          ended.add("failed");
        }
      };
    }

    @Override
    public Optional<Permit> acquire(CallCost cost, Duration patience) {
      return Optional.of(acquire(cost));
    }

    @Override
    public GateState state() {
      throw new UnsupportedOperationException();
    }
  }
}
