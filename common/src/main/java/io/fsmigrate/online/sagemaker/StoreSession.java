package io.fsmigrate.online.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.calls.ByteBudget;
import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Outage;
import io.fsmigrate.online.calls.Patience;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateLease;
import io.fsmigrate.online.restraint.Limits;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerErrors;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.List;
import java.util.random.RandomGenerator;

/** What one thread needs to work on one group: connections, the gate and a pump of its own. */
final class StoreSession implements AutoCloseable {
  /** History is written in bulk, never record by record: the service would keep every replay. */
  private static final List<String> ONLINE_ONLY = List.of("OnlineStore");

  private final SageMakerStoreSettings settings;
  private final String group;
  private final JvmClients.Lease clients;
  private final GateLease gate;
  private final CallPump pump;

  private StoreSession(
      SageMakerStoreSettings settings, String group, JvmClients.Lease clients, GateLease gate) {
    this.settings = settings;
    this.group = group;
    this.clients = clients;
    this.gate = gate;
    this.pump =
        new CallPump(
            gate,
            new RetryPolicy(RandomGenerator.getDefault()),
            new Outage(settings.unavailableAfter(), System.nanoTime()),
            System::nanoTime,
            this::failure);
  }

  /**
   * Opens it.
   *
   * @param run the run, or any name for what belongs to none
   * @param maxWorkers calls in flight at once, on all JVMs together
   */
  static StoreSession open(
      SageMakerStoreSettings settings, String group, String run, int maxWorkers, int executors) {
    JvmClients.Lease clients =
        JvmClients.lease(settings.access(), run, maxWorkers, settings.callTimeout());
    try {
      return new StoreSession(
          settings,
          group,
          clients,
          CallGates.open(
              new GateKey(run, settings.store(), group),
              new Limits(settings.rateLimit(), maxWorkers),
              executors));
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  CallPump pump() {
    return pump;
  }

  ByteBudget budget() {
    return clients.budget();
  }

  GroupCalls calls() {
    return new GroupCalls(clients.calls(), group, ONLINE_ONLY, settings.timeToLive());
  }

  FeatureGroupDescription describe() {
    return Patience.of(settings.unavailableAfter()).ask(() -> clients.describe(group));
  }

  private FsMigrateException failure(ServiceFault fault) {
    return SageMakerErrors.of(
        "read or write records of feature group " + group, group, settings.access(), fault);
  }

  @Override
  public void close() {
    pump.close();
    gate.close();
    clients.close();
  }
}
