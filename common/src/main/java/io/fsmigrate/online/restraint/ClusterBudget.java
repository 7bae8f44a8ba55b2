package io.fsmigrate.online.restraint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the driver keeps for one key: the schedule of its rate limit, and who shares its calls in
 * flight. Safe for several threads.
 *
 * <p>A participant is a gate in some JVM. Its share only grows by what the others have confirmed
 * not to use any more, so that the shares never add up to more than the limit while they change.
 */
final class ClusterBudget {
  /** After that a participant has stopped by itself and counts no longer. */
  static final long SILENCE_NANOS = 5_000_000_000L;

  /** How long shares are cut for all the executors that are expected, not for those that came. */
  private static final long GATHERING_NANOS = 2_000_000_000L;

  private final Limits limits;
  private final int executors;
  private final LongSupplier nanos;
  private final Optional<RateSchedule> schedule;
  private final Map<String, Participant> participants = new LinkedHashMap<>();
  private final long createdAt;
  private long heardAt;
  private int mostTogether;

  ClusterBudget(Limits limits, int executors, LongSupplier nanos) {
    this.limits = limits;
    this.executors = executors;
    this.nanos = nanos;
    this.schedule = limits.rate().map(rate -> new RateSchedule(rate.perSecond(), nanos));
    this.createdAt = nanos.getAsLong();
    this.heardAt = createdAt;
  }

  /** Empty where there is no rate limit. */
  Optional<RateSchedule> schedule() {
    return schedule;
  }

  /**
   * A gate of this JVM takes part until it leaves.
   *
   * @param state what it is doing; asked without any lock held
   */
  synchronized void joinHere(String name, Supplier<GateState> state) {
    Participant participant = participants.computeIfAbsent(name, any -> new Participant());
    participant.live = true;
    participant.here = state;
  }

  /** A gate of this JVM asks for its share. */
  synchronized int shareHere(String name, int inFlight) {
    return share(participants.get(name), inFlight);
  }

  /** A gate of another JVM tells what it is doing and gets its share. */
  synchronized int beat(String name, GateState state, int mostSince) {
    Participant participant = participants.computeIfAbsent(name, any -> new Participant());
    participant.live = true;
    participant.reported = state;
    participant.most = mostSince;
    int share = share(participant, state.inFlight());
    mostTogether =
        Math.max(
            mostTogether,
            participants.values().stream().filter(p -> p.live).mapToInt(p -> p.most).sum());
    return share;
  }

  /** The gate has no more work, or its JVM is gone. */
  synchronized void leave(String name, GateState last) {
    Participant participant = participants.get(name);
    if (participant != null) {
      participant.reported = last;
      participant.here = null;
      participant.rest();
    }
    heardAt = nanos.getAsLong();
  }

  /** Whether nobody has taken part for that long. */
  synchronized boolean restsFor(long duration) {
    dropSilent();
    return participants.values().stream().noneMatch(p -> p.live)
        && nanos.getAsLong() - heardAt > duration;
  }

  /** What all of them are doing together. */
  GateState observed() {
    Map<String, Supplier<GateState>> states = new LinkedHashMap<>();
    int most;
    synchronized (this) {
      dropSilent();
      participants.forEach((name, participant) -> states.put(name, participant.state()));
      most = mostTogether;
    }
    GateState sum = GateState.NOTHING;
    for (Supplier<GateState> each : states.values()) {
      GateState state = each.get();
      sum = sum.plus(state, states.size() == 1 ? state.mostInFlight() : most);
    }
    return sum;
  }

  private int share(Participant participant, int inFlight) {
    heardAt = nanos.getAsLong();
    participant.heardAt = heardAt;
    dropSilent();
    int live = 0;
    int held = 0;
    for (Participant each : participants.values()) {
      live += each.live ? 1 : 0;
      held += each == participant ? 0 : each.held;
    }
    int expected = heardAt - createdAt < GATHERING_NANOS ? Math.max(live, executors) : live;
    int fair = Math.max(1, limits.maxInFlight() / expected);
    // Where there are more participants than calls, each has one: none could work otherwise.
    int free = live > limits.maxInFlight() ? 1 : limits.maxInFlight() - held;
    int share = Math.max(0, Math.min(fair, free));
    // Until it answers again, it may still use what it was told before.
    participant.held = Math.max(Math.max(share, participant.told), inFlight);
    participant.told = share;
    return share;
  }

  private void dropSilent() {
    long now = nanos.getAsLong();
    for (Participant each : participants.values()) {
      if (each.live && each.here == null && now - each.heardAt > SILENCE_NANOS) {
        each.rest();
      }
    }
  }

  private static final class Participant {
    private boolean live;
    private long heardAt;
    private int told;
    private int held;
    private int most;
    private GateState reported = GateState.NOTHING;
    private Supplier<GateState> here;

    private Supplier<GateState> state() {
      GateState last = reported;
      return here == null ? () -> last : here;
    }

    private void rest() {
      live = false;
      told = 0;
      held = 0;
      most = 0;
      reported = reported.atRest();
    }
  }
}
