package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.verify.ComparedSchema;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.RowVerdict;
import io.fsmigrate.verify.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans to compare what is there with what should be there. Writes nothing. */
public final class VerifyPlanner {
  private final RunEnvironment environment;
  private final VerifiedSubject.Finder finder;

  /** Plans in a session made for runs, see {@link RunSession}. */
  public VerifyPlanner(RunEnvironment environment, BranchStore branches) {
    this.environment = environment;
    this.finder = new VerifiedSubject.Finder(environment, branches);
  }

  /**
   * Plans a request from the state of things now.
   *
   * @throws io.fsmigrate.error.FsMigrateException when something in the request does not resolve,
   *     the run has no rows to verify, or what it was made of has changed
   */
  public PreparedVerification plan(VerifyRequest request) {
    return plan(request, finder.find(request));
  }

  /**
   * Plans a request again with source and target as an earlier plan has them.
   *
   * @param run the verification that has that plan
   */
  public PreparedVerification replan(String run, VerifyPlan earlier) {
    return plan(earlier.request(), finder.again(run, earlier));
  }

  private PreparedVerification plan(VerifyRequest request, VerifiedSubject subject) {
    Map<String, Tolerance> tolerances = new TreeMap<>();
    request
        .tolerances()
        .forEach((feature, text) -> tolerances.put(feature, Tolerance.parse(feature, text)));
    ComparedSchema schema = ComparedSchema.of(subject.target(), tolerances);
    DeltaSource table =
        DeltaSource.open(
            environment.session(), subject.table().path(), Optional.of(subject.table().version()));
    PublishPlanner.requireAsDefined(subject.target(), table.schema());
    Optional<Long> rows = table.snapshot().rows();
    ComparedStores stores =
        ComparedStores.of(
            environment.catalog(), subject, request.onlineStores().orElse(subject.stores()), rows);
    int buckets = environment.catalog().verify().buckets();
    VerifyPlan plan =
        new VerifyPlan(
            VerifyPlan.SCHEMA,
            environment.clock().instant(),
            request,
            subject.run(),
            subject.source(),
            subject.branch(),
            subject.target().group(),
            subject.table(),
            subject.migration().map(PreparedRun::plan),
            rows,
            buckets,
            stores.sides(),
            VerifyNotes.of(request, subject, schema, buckets),
            writes(),
            refusals(request, subject, stores),
            fingerprint(request, subject, buckets, stores.sides()));
    return new PreparedVerification(
        plan, subject.migration(), subject.target(), schema, stores.definitions());
  }

  private static List<String> refusals(
      VerifyRequest request, VerifiedSubject subject, ComparedStores stores) {
    if (request.repair().isEmpty()) {
      return List.of();
    }
    List<String> refusals = new ArrayList<>(stores.refusals());
    if (request.sample() < 1) {
      refusals.add("--repair needs every record looked at: leave --sample out");
    }
    if (request.repair().contains(RowVerdict.EXTRA) && !stores.sides().isEmpty()) {
      refusals.add(
          "--repair extra: online stores do not tell which of their records are extra, so none can be removed; add --online none to repair the table alone");
    }
    if (subject.migration().isEmpty() && stores.sides().isEmpty()) {
      refusals.add("--repair: there is no table and no online store to repair");
    }
    return refusals;
  }

  private List<String> writes() {
    List<String> writes = new ArrayList<>();
    writes.add("rows that differ, if any: " + environment.warehouse().differences("RUN"));
    writes.add("a line of the ledger, and the run's plan, sums of buckets, progress and report");
    return writes;
  }

  private static Fingerprint fingerprint(
      VerifyRequest request,
      VerifiedSubject subject,
      int buckets,
      List<VerifyPlan.OnlineSide> stores) {
    Map<String, String> parts = new TreeMap<>();
    parts.put(
        "source",
        subject.migration().map(m -> m.plan().fingerprint().hash()).orElse(subject.source()));
    parts.put("target", subject.table().path() + "@v" + subject.table().version());
    parts.put("definition", Fingerprint.text(subject.target()));
    parts.put("tolerances", new TreeMap<>(request.tolerances()).toString());
    parts.put("every-row", Boolean.toString(request.everyRow()));
    parts.put("buckets", Integer.toString(buckets));
    parts.put("comparison", OfflineComparison.FORM);
    parts.put("tie-rule", TieRule.VERSION);
    parts.put("sample", Double.toString(request.sample()));
    parts.put(
        "online",
        String.join(
            " ",
            stores.stream().map(s -> s.store() + "/" + s.buckets() + "/" + s.place()).toList()));
    return Fingerprint.of(parts);
  }
}
