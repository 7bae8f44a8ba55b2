package io.fsmigrate.run;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.online.StaleCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * The run whose failed records are tried again, by its own plan.
 *
 * @param migration its plan where it is a migration; only that has rows which failed offline
 * @param version of the target
 * @param online the stores, as they were written
 */
record RetriedRun(
    String run,
    Optional<Plan> migration,
    String branch,
    String group,
    FeatureVersion version,
    List<Plan.OnlineTarget> online,
    boolean inPlace,
    StaleCheck staleCheck) {
  /**
   * Reads it.
   *
   * @throws io.fsmigrate.error.FsMigrateException RETRY_RUN_NOT_ENDED, RETRY_OF_OTHER_COMMAND,
   *     PLAN_UNREADABLE
   */
  static RetriedRun of(RunRecord record, RunLifecycle runs) {
    if (record.command().equals(Publisher.COMMAND)) {
      requireEnded(record);
      PublishPlan plan = runs.planOf(record.id(), Publisher.COMMAND, PublishPlan.class);
      return new RetriedRun(
          record.id(),
          Optional.empty(),
          plan.branch(),
          plan.group(),
          plan.table().featureVersion(),
          plan.online(),
          plan.request().inPlace(),
          plan.request().staleCheck());
    }
    if (!record.command().equals(Migrator.COMMAND)) {
      throw RetryErrors.notRetried(record.id(), record.command());
    }
    requireEnded(record);
    Plan plan = runs.planOf(record.id(), Migrator.COMMAND, Plan.class);
    return new RetriedRun(
        record.id(),
        Optional.of(plan),
        plan.target().branch(),
        plan.target().group(),
        new FeatureVersion(plan.target().version()),
        plan.online(),
        plan.request().inPlace(),
        plan.request().staleCheck());
  }

  private static void requireEnded(RunRecord record) {
    if (!RetryChain.hasEnded(record.state())) {
      throw RetryErrors.runNotEnded(record.id(), record.state());
    }
  }

  /** How its rows become rows of the target now. */
  RegisteredPath path(RunEnvironment environment, VersionedGroup target) {
    Plan plan = migration.orElseThrow();
    return RegisteredPath.find(
        environment.catalog(), plan.request(), from(environment, plan, target), target);
  }

  private RegisteredPath.From from(RunEnvironment environment, Plan plan, VersionedGroup target) {
    FeatureVersion from = new FeatureVersion(plan.sourceVersion());
    Address address = Address.parse(plan.request().source());
    if (address instanceof Address.SageMaker group) {
      Optional<VersionedGroup> definition =
          group.version().map(v -> environment.catalog().version(target.group(), v));
      // Its types decide how its rows are decoded.
      SageMakerRows rows =
          new SageMakerSources(environment.catalog(), environment.session())
              .open(
                  group.group(),
                  definition,
                  plan.request().filterQuery(),
                  Optional.of(environment.warehouse().directory(run)));
      return new RegisteredPath.From(from, definition, rows.schema(), rows.decodings());
    }
    Optional<VersionedGroup> definition =
        address instanceof Address.Stored stored
            ? Optional.of(environment.catalog().version(stored.group(), from))
            : Optional.empty();
    List<Decoding> none = List.of();
    return new RegisteredPath.From(
        from, definition, StructType.fromDDL(plan.source().schema()), none);
  }

  /**
   * Ids of migrations of its path whose results may be other ones now: those that are not
   * registered as they were, and all after the first of them.
   */
  Set<String> changed(RegisteredPath path) {
    List<Migration> now = path.migrations().migrations();
    Set<String> changed = new HashSet<>();
    boolean same = true;
    int at = 0;
    for (Plan.PathStep step : migration.orElseThrow().path()) {
      same =
          same
              && at < now.size()
              && now.get(at).id().equals(step.id())
              && now.get(at).checksum().equals(step.checksum());
      if (!same) {
        changed.add(step.id());
      }
      at++;
    }
    return changed;
  }

  /** The path for a plan. */
  static List<Plan.PathStep> steps(List<Migration> migrations) {
    return migrations.stream()
        .map(m -> new Plan.PathStep(m.id(), m.description(), m.checksum()))
        .toList();
  }
}
