package io.fsmigrate.jobs;

import io.fsmigrate.run.VerifyPlan;
import java.io.PrintWriter;

/** A plan of a verification as people read it. */
final class VerifyPlanText {
  private VerifyPlanText() {}

  static void print(VerifyPlan plan, PrintWriter out) {
    plan.run().ifPresent(run -> out.printf("Verify     run %s%n", run));
    if (plan.migration().isPresent()) {
      out.printf("Expected   %s, through the migration path%n", plan.source());
    }
    out.printf(
        "Actual     %s: %s, version %d, %s rows%n",
        plan.address(),
        plan.table().path(),
        plan.table().version(),
        plan.rows().map("%,d"::formatted).orElse("an unknown number of"));
    plan.online()
        .forEach(
            store ->
                out.printf("Online     %s (%s), %s%n", store.store(), store.type(), store.place()));
    plan.notes().forEach(note -> out.printf("How        %s%n", note));
    plan.writes().forEach(write -> out.printf("Writes     %s%n", write));
    plan.refusals().forEach(refusal -> out.printf("Refused    %s%n", refusal));
  }
}
