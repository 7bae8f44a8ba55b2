package io.fsmigrate.jobs;

import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.Migrator;
import io.fsmigrate.run.Planner;
import io.fsmigrate.run.PublishPlanner;
import io.fsmigrate.run.Publisher;
import io.fsmigrate.run.Retrier;
import io.fsmigrate.run.RetryPlanner;
import io.fsmigrate.run.RunEnvironment;
import io.fsmigrate.run.RunListener;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.run.Verifier;
import io.fsmigrate.run.VerifyPlanner;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** What the commands that run on Spark work with; Spark starts when one of them first asks. */
final class Engine {
  private final Workspace workspace;
  private final Supplier<SparkSession> sessions;
  private final Clock clock;
  private Optional<SparkSession> session = Optional.empty();

  Engine(Workspace workspace, Supplier<SparkSession> sessions, Clock clock) {
    this.workspace = workspace;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** The session of this process, made for runs. */
  SparkSession session() {
    if (session.isEmpty()) {
      // What is wrong with the configuration is said before Spark takes its time to start.
      workspace.catalog();
      session = Optional.of(RunSession.of(sessions.get()));
      SparkSession.setActiveSession(session.get());
    }
    return session.get();
  }

  Planner planner() {
    SparkSession spark = session();
    return new Planner(workspace.catalog(), workspace.branches(), spark, clock);
  }

  Migrator migrator(RunListener listener) {
    return new Migrator(environment(listener), workspace.branches());
  }

  PublishPlanner publishPlanner() {
    SparkSession spark = session();
    return new PublishPlanner(workspace.catalog(), workspace.branches(), spark, clock);
  }

  Publisher publisher(RunListener listener) {
    return new Publisher(environment(listener));
  }

  RetryPlanner retryPlanner() {
    return new RetryPlanner(environment(event -> {}), workspace.branches());
  }

  Retrier retrier(RunListener listener) {
    return new Retrier(environment(listener), workspace.branches());
  }

  VerifyPlanner verifyPlanner() {
    return new VerifyPlanner(environment(event -> {}), workspace.branches());
  }

  Verifier verifier(RunListener listener) {
    return new Verifier(environment(listener), workspace.branches());
  }

  private RunEnvironment environment(RunListener listener) {
    SparkSession spark = session();
    return new RunEnvironment(
        workspace.catalog(), workspace.ledger(), spark, clock, listener, ProgramVersion.current());
  }

  Ledger ledger() {
    return workspace.ledger();
  }

  Workspace workspace() {
    return workspace;
  }
}
