package io.fsmigrate.jobs;

import io.fsmigrate.run.PublishPlan;
import java.io.PrintWriter;
import java.util.Locale;

/** A plan to publish as people read it. */
final class PublishPlanText {
  private PublishPlanText() {}

  static void print(PublishPlan plan, PrintWriter out) {
    out.printf(
        "Plan         %s -> %s%n", plan.address(), String.join(", ", plan.request().stores()));
    out.printf(
        Locale.ROOT,
        "Source       %s, %,d rows, %s, table version %d%n",
        plan.table().path(),
        plan.rows(),
        PlanText.bytes(plan.bytes()),
        plan.table().version());
    PlanText.online(plan.online(), plan.request().staleCheck(), out);
    plan.clears().forEach(what -> out.println("CLEARS       " + what));
    plan.writes().forEach(write -> out.println("Writes       " + write));
    plan.refusals().forEach(refusal -> out.println("REFUSED      " + refusal));
    out.println("Fingerprint  " + plan.fingerprint().hash());
  }
}
