package io.fsmigrate.emulator.fault;

import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy.Verdict;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.auth.Credentials;
import io.fsmigrate.emulator.http.Reply;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Faults, quotas and missing permissions: what is asked of the emulator, and what it decides. */
public final class Faults {
  private final Clock clock;
  private volatile List<ActiveRule> rules = List.of();
  private volatile List<Denial> denials = List.of();
  private volatile Quotas quotas = new Quotas(QuotaSettings.NONE);
  private final AtomicReference<AthenaFaults> athena = new AtomicReference<>(AthenaFaults.NONE);

  /** Nothing goes wrong yet. */
  public Faults(Clock clock) {
    this.clock = clock;
  }

  /** All that is set by one request. */
  public record Settings(List<FaultRule> rules, AthenaFaults athena) {
    /** Settings as they were sent. */
    public Settings {
      rules = rules == null ? List.of() : List.copyOf(rules);
      athena = athena == null ? AthenaFaults.NONE : athena;
    }
  }

  /** Replaces all rules; their counts begin anew. */
  public void set(Settings settings) {
    long now = clock.millis();
    rules = settings.rules().stream().map(rule -> new ActiveRule(rule, now)).toList();
    athena.set(settings.athena());
  }

  /** The rules in force. */
  public Settings settings() {
    return new Settings(rules.stream().map(ActiveRule::rule).toList(), athena.get());
  }

  /** Replaces the missing permissions. */
  public void deny(List<Denial> missing) {
    denials = List.copyOf(missing);
  }

  /** The missing permissions. */
  public List<Denial> denials() {
    return denials;
  }

  /** Replaces the quotas; their counts begin anew. */
  public void limit(QuotaSettings settings) {
    quotas = new Quotas(settings);
  }

  /** The quotas. */
  public QuotaSettings limits() {
    return quotas.settings();
  }

  /** Back to nothing going wrong. */
  public void reset() {
    set(new Settings(null, null));
    deny(List.of());
    limit(QuotaSettings.NONE);
  }

  /** Whether every connection is to be cut, whatever the call. */
  public boolean down() {
    long now = clock.millis();
    for (ActiveRule active : rules) {
      FaultRule rule = active.rule();
      if (isWholeDown(rule) && active.meet(now)) {
        return true;
      }
    }
    return false;
  }

  /** Why the next feature group fails to be created, if it does. */
  public Optional<String> creationFailure() {
    return rules.stream()
        .map(ActiveRule::rule)
        .map(FaultRule::failCreation)
        .filter(java.util.Objects::nonNull)
        .findFirst();
  }

  /** What is to happen to the next query; what is for one query only is then spent. */
  public AthenaFaults nextQuery(boolean unload) {
    AthenaFaults now = athena.get();
    boolean half = Boolean.TRUE.equals(now.halfUnload());
    AthenaFaults later =
        new AthenaFaults(
            null, null, now.queryDelayMillis(), (half && !unload) ? Boolean.TRUE : null);
    return athena.compareAndSet(now, later) ? now : nextQuery(unload);
  }

  /**
   * Decides about a call.
   *
   * @return what happens to it, to be asked about its records as well
   */
  public CallFate decide(Operation call) {
    String name = call.name();
    List<String> groups = call.groups();
    long now = clock.millis();
    ServiceException error = denied(name, groups, call);
    Fate.Cut cut = Fate.Cut.NEVER;
    long latency = 0;
    List<ActiveRule> acting = List.of();
    for (ActiveRule active : rules) {
      FaultRule rule = active.rule();
      if (!rule.matches(name, groups) || isWholeDown(rule) || !active.meet(now)) {
        continue;
      }
      if (acting.isEmpty()) {
        acting = new ArrayList<>(rules.size());
      }
      acting.add(active);
      latency += active.latency();
      if (Boolean.TRUE.equals(rule.down())) {
        cut = Fate.Cut.BEFORE;
      } else if (active.hits(rule.dropShare())) {
        cut = "after".equals(rule.dropWhen()) ? Fate.Cut.AFTER : Fate.Cut.BEFORE;
      }
      if (error == null && active.expiresToken()) {
        error = Credentials.expired();
      }
      if (error == null && active.hits(rule.throttleShare())) {
        error = ServiceException.throttled();
      }
      if (error == null && active.hits(rule.errorShare())) {
        error = rule.failure();
      }
    }
    if (error == null && cut == Fate.Cut.NEVER && !quotas.admitCall(name, now)) {
      error = ServiceException.throttled();
    }
    return new CallFate(name, new Fate(latency, error, cut, acting));
  }

  private static boolean isWholeDown(FaultRule rule) {
    return Boolean.TRUE.equals(rule.down())
        && rule.group() == null
        && (rule.operation() == null || rule.operation().equals("*"));
  }

  /** A batch is denied as a whole only where the denial names it; entries are judged singly. */
  private ServiceException denied(String name, List<String> groups, Operation call) {
    for (Denial denial : denials) {
      boolean single = groups.size() <= 1 || denial.group() == null;
      if (single && denial.matches(name, groups)) {
        return denial(denial, call.contentType());
      }
    }
    return null;
  }

  private static ServiceException denial(Denial denial, String contentType) {
    boolean runtime = contentType.equals(Reply.JSON);
    String usual = runtime ? "AccessForbidden" : "AccessDeniedException";
    return new ServiceException(
        runtime ? 403 : 400,
        denial.code() == null ? usual : denial.code(),
        "The caller is not authorized to perform this operation on this resource");
  }

  /** What happens to one call and to its records. */
  public final class CallFate implements io.fsmigrate.emulator.RecordPolicy {
    private final String operation;
    private final Fate fate;
    private int failed;
    private int handedBack;

    private CallFate(String operation, Fate fate) {
      this.operation = operation;
      this.fate = fate;
    }

    /** Delay of the answer. */
    public long latencyMillis() {
      return fate.latencyMillis();
    }

    /** What it is answered with instead of being carried out, or null. */
    public ServiceException error() {
      return fate.error();
    }

    /** Whether the connection is cut before it is carried out. */
    public boolean cutBefore() {
      return fate.cut() == Fate.Cut.BEFORE;
    }

    /** Whether the connection is cut after it was carried out. */
    public boolean cutAfter() {
      return fate.cut() == Fate.Cut.AFTER;
    }

    /** How many records failed by our decision. */
    public int failed() {
      return failed;
    }

    /** How many records were handed back by our decision. */
    public int handedBack() {
      return handedBack;
    }

    @Override
    public Verdict judge(String group, String identifier, int units, boolean write) {
      Verdict verdict = verdict(group, identifier, units, write);
      if (verdict.unprocessed()) {
        handedBack++;
      } else if (verdict.error() != null) {
        failed++;
      }
      return verdict;
    }

    @Override
    public void entryFailed() {
      failed++;
    }

    private Verdict verdict(String group, String identifier, int units, boolean write) {
      for (Denial denial : denials) {
        boolean batch = denial.matches(operation, List.of(group));
        boolean asSingle =
            operation.equals("BatchWriteRecord") && denial.matches("PutRecord", List.of(group));
        if (batch || asSingle) {
          return Verdict.fail(denial(denial, Reply.JSON));
        }
      }
      for (ActiveRule active : fate.rules()) {
        FaultRule rule = active.rule();
        if (rule.group() != null && !rule.group().equals(group)) {
          continue;
        }
        if (rule.poisonIdentifiers().contains(identifier)) {
          return Verdict.fail(
              ServiceException.validation(
                  "Validation Error: the record %s is refused", identifier));
        }
        if (active.hits(rule.entryErrorShare())) {
          return Verdict.fail(rule.entryFailure());
        }
        if (operation.startsWith("Batch") && active.hits(rule.unprocessedShare())) {
          return Verdict.handBack();
        }
      }
      return quotas.admitRecord(group, identifier, units, write, clock.millis())
          ? Verdict.PASS
          : Verdict.handBack();
    }
  }
}
