package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.calls.ByteBudget;
import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Outage;
import io.fsmigrate.online.calls.SharedInJvm;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateLease;
import io.fsmigrate.online.restraint.Limits;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What one thread needs to work on one table: connections, the gate and a pump of its own. */
final class Session implements AutoCloseable {
  private final SharedInJvm.Lease<Connections> connections;
  private final GateLease gate;
  private final CallPump pump;

  private Session(
      DynamoDbSettings settings,
      String table,
      SharedInJvm.Lease<Connections> connections,
      GateLease gate) {
    this.connections = connections;
    this.gate = gate;
    this.pump =
        new CallPump(
            gate,
            new RetryPolicy(RandomGenerator.getDefault()),
            new Outage(settings.unavailableAfter(), System.nanoTime()),
            System::nanoTime,
            fault -> DynamoDbErrors.of(settings, "read or write items of", table, fault));
  }

  /**
   * Opens it.
   *
   * @param group the feature group, for the gate
   * @param run the run, or any name for what belongs to none
   * @param maxWorkers calls in flight at once, on all JVMs together
   */
  static Session open(
      DynamoDbSettings settings,
      String table,
      String group,
      String run,
      int maxWorkers,
      int executors) {
    SharedInJvm.Lease<Connections> connections =
        Connections.lease(settings.access(), run, maxWorkers, settings.callTimeout());
    try {
      return new Session(
          settings,
          table,
          connections,
          CallGates.open(
              new GateKey(run, settings.store(), group),
              new Limits(settings.rateLimit(), maxWorkers),
              executors));
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  CallPump pump() {
    return pump;
  }

  DynamoDbAsyncClient client() {
    return connections.value().client();
  }

  ByteBudget budget() {
    return connections.value().budget();
  }

  @Override
  public void close() {
    pump.close();
    gate.close();
    connections.close();
  }
}
