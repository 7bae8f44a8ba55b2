package io.fsmigrate.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.OnlineVerdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What verifications have found about runs. */
public final class Verifications {
  private final Ledger ledger;
  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Json json = new Json();

  /**
   * @param warehouse a path or URI
   */
  public Verifications(Ledger ledger, String warehouse, Configuration hadoop) {
    this.ledger = ledger;
    this.warehouse = new Warehouse(warehouse);
    this.hadoop = hadoop;
  }

  /** What the ledger calls the source of a verification of that run. */
  static String source(String run) {
    return "run " + run;
  }

  /** What the newest verification of a run has found; empty where it was not verified. */
  public Optional<Verification> of(String run) {
    return ledger.list(Integer.MAX_VALUE).stream()
        .filter(each -> each.command().equals(Verifier.COMMAND))
        .filter(each -> each.source().equals(source(run)))
        .filter(
            each ->
                each.state() == RunState.FINISHED
                    || each.state() == RunState.FINISHED_WITH_DIFFERENCES)
        .findFirst()
        .flatMap(each -> saved(each.id()))
        .map(Verifications::found);
  }

  private Optional<VerifyReport> saved(String run) {
    String file = warehouse.file(run, "report.json");
    try {
      return warehouse
          .readText(hadoop, file)
          .filter(text -> isVerification(file, text))
          .map(text -> json.read(file, text, VerifyReport.class));
    } catch (IOException | FsMigrateException e) {
      // The report of the run itself is worth having without it.
      return Optional.empty();
    }
  }

  private boolean isVerification(String file, String text) {
    return json.read(file, text, JsonNode.class)
        .path("schema")
        .asText()
        .equals(VerifyReport.SCHEMA);
  }

  private static Verification found(VerifyReport report) {
    List<Verification.Compared> stores = new ArrayList<>();
    report.offline().ifPresent(tables -> stores.add(compared(tables, report.differences())));
    report.online().forEach(store -> stores.add(compared(store, report.differences())));
    return new Verification(
        report.run(), report.endedAt(), report.state() == RunState.FINISHED, stores);
  }

  private static Verification.Compared compared(OfflineVerdict found, Optional<String> rows) {
    return new Verification.Compared(
        OfflineComparison.STORE,
        found.expectedRows(),
        found.missing(),
        found.extra(),
        found.different(),
        found.differences() == 0 ? Optional.empty() : rows);
  }

  private static Verification.Compared compared(OnlineVerdict found, Optional<String> rows) {
    return new Verification.Compared(
        found.store(),
        found.looked(),
        found.missing(),
        found.extra().orElse(0L),
        found.different(),
        found.differences() == 0 ? Optional.empty() : rows);
  }
}
