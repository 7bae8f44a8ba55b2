package io.fsmigrate.jobs;

import io.fsmigrate.run.RetryPlan;
import java.io.PrintWriter;

/** A plan to retry as people read it. */
final class RetryPlanText {
  private RetryPlanText() {}

  /**
   * @param program how the next command begins
   */
  static void print(RetryPlan plan, String program, PrintWriter out) {
    if (plan.open() == 0) {
      out.printf(
          "%s: nothing to retry, it has no failed record that is not settled.%n", plan.run());
      return;
    }
    if (plan.records() == 0) {
      out.printf(
          "%s: nothing to retry, %,d failed records are such that trying again cannot help by itself.%n"
              + "See what they are, correct it and take them all:%n"
              + "  %s runs failed %s --open%n"
              + "  %s retry %s --all%n",
          plan.run(), plan.open(), program, plan.run(), program, plan.run());
      return;
    }
    out.printf("Plan         retry %s -> %s%n", plan.run(), plan.address());
    if (!plan.retries().isEmpty()) {
      out.printf("After        %s%n", String.join(", ", plan.retries()));
    }
    out.printf("Records      %,d of %,d that are open%n", plan.records(), plan.open());
    plan.taken().forEach((store, records) -> out.printf("             %s: %,d%n", store, records));
    plan.path().forEach(step -> out.printf("Migration    %s%n", step.id()));
    PlanText.online(plan.online(), plan.staleCheck(), out);
    plan.writes().forEach(write -> out.println("Writes       " + write));
    plan.warnings().forEach(warning -> out.println("Note         " + warning));
    plan.refusals().forEach(refusal -> out.println("REFUSED      " + refusal));
    out.println("Fingerprint  " + plan.fingerprint().hash());
  }
}
