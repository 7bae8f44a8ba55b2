package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is verified.
 *
 * @param run the run; empty where source and target were given
 * @param source where the expected rows come from, for people
 * @param table what is compared with them
 * @param migration gives the expected rows; empty where only online stores are compared
 * @param stores names of the online stores
 * @param online how the run planned to write them; empty where there is no run
 * @param inPlace whether the run wrote in place of the version that was served
 */
record VerifiedSubject(
    Optional<String> run,
    String source,
    String branch,
    VersionedGroup target,
    TablePointer table,
    Optional<PreparedRun> migration,
    List<String> stores,
    List<Plan.OnlineTarget> online,
    boolean inPlace) {

  /** Finds what a request means. */
  static final class Finder {
    /** What decides which rows a migration accepts; the rest is how it does so. */
    private static final Set<String> DECIDES_ROWS =
        Set.of("algorithm", "source", "migrations", "definition", "contract", "filter");

    private final RunEnvironment environment;
    private final BranchStore branches;
    private final RunDocuments documents;

    Finder(RunEnvironment environment, BranchStore branches) {
      this.environment = environment;
      this.branches = branches;
      this.documents = new RunDocuments(environment.warehouse(), environment.hadoop());
    }

    private Planner planner() {
      return new Planner(
          environment.catalog(), branches, environment.session(), environment.clock());
    }

    VerifiedSubject find(VerifyRequest request) {
      if (request.run().isEmpty()) {
        return ofAddresses(request);
      }
      String run = request.run().get();
      RunRecord record =
          environment.ledger().find(run).orElseThrow(() -> RunErrors.unknownRun(run));
      return switch (record.command()) {
        case Migrator.COMMAND -> ofMigration(run, document(run, "plan.json", Plan.class));
        case Publisher.COMMAND -> ofPublication(run);
        default -> throw RunErrors.notVerifiable(run, record.command());
      };
    }

    /** What an earlier plan has, although branches may have moved since. */
    VerifiedSubject again(String verification, VerifyPlan earlier) {
      if (earlier.run().isPresent()) {
        return find(earlier.request());
      }
      Plan migration = earlier.migration().orElseThrow();
      PreparedRun prepared = planner().replanOffline(verification, migration);
      return ofAddresses(earlier.request(), prepared, earlier.table());
    }

    private VerifiedSubject ofAddresses(VerifyRequest request) {
      MigrateRequest migration =
          MigrateRequest.builder(request.source().orElseThrow(), request.target().orElseThrow())
              // All rows of the source are expected, whether the target has them already or not.
              .mode(WriteMode.REPLACE)
              .filterQuery(request.filterQuery())
              .allowPartial(true)
              .onlineStores(Optional.of(List.of()))
              .via(request.via())
              .build();
      Address.Stored target = Address.parseTarget(migration.target());
      PreparedRun prepared = planner().plan(migration);
      return ofAddresses(request, prepared, new ShownTables(branches).find(target));
    }

    private VerifiedSubject ofAddresses(
        VerifyRequest request, PreparedRun prepared, TablePointer table) {
      return new VerifiedSubject(
          Optional.empty(),
          Address.parse(request.source().orElseThrow()).text(),
          prepared.plan().target().branch(),
          prepared.target(),
          table,
          Optional.of(prepared),
          request.onlineStores().orElse(prepared.target().onlineStores()),
          List.of(),
          false);
    }

    private VerifiedSubject ofMigration(String run, Plan planned) {
      TablePointer table =
          documents
              .read(run, "report.json", RunReport.class)
              .flatMap(RunReport::table)
              .orElseThrow(() -> RunErrors.notFinished(run));
      PreparedRun prepared = planner().replanOffline(run, planned);
      List<String> changed =
          new ArrayList<>(planned.fingerprint().differences(prepared.plan().fingerprint()));
      changed.retainAll(DECIDES_ROWS);
      if (!changed.isEmpty()) {
        throw RunErrors.otherRowsExpected(run, changed);
      }
      return new VerifiedSubject(
          Optional.of(run),
          planned.request().source(),
          planned.target().branch(),
          prepared.target(),
          table,
          Optional.of(prepared),
          planned.online().stream().map(Plan.OnlineTarget::store).toList(),
          planned.online(),
          planned.request().inPlace());
    }

    private VerifiedSubject ofPublication(String run) {
      PublishPlan planned = document(run, "plan.json", PublishPlan.class);
      return new VerifiedSubject(
          Optional.of(run),
          planned.address(),
          planned.branch(),
          environment.catalog().version(planned.group(), planned.table().featureVersion()),
          planned.table(),
          Optional.empty(),
          planned.online().stream().map(Plan.OnlineTarget::store).toList(),
          planned.online(),
          planned.request().inPlace());
    }

    private <T> T document(String run, String name, Class<T> type) {
      return documents.read(run, name, type).orElseThrow(() -> RunErrors.unknownRun(run));
    }
  }
}
