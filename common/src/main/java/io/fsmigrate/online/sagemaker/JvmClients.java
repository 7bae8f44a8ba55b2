package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.ByteBudget;
import io.fsmigrate.online.calls.SharedInJvm;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroups;
import io.fsmigrate.sagemaker.SignedCalls;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * What the tasks of one JVM share for a run: connections, credentials, descriptions of groups and a
 * budget of bytes. The first to lease it opens it, the last to close its lease closes it.
 *
 * <p>This is the store's one place with state per JVM, since tasks of an executor have nothing else
 * in common.
 */
final class JvmClients implements AutoCloseable {
  /** Runs that are remembered as being without batch writes; a JVM sees few. */
  private static final int REMEMBERED = 100;

  private static final SharedInJvm<Key, JvmClients> OPEN = new SharedInJvm<>();
  private static final Set<String> WITHOUT_BATCHES = new LinkedHashSet<>();

  private record Key(AwsAccess access, String run, Duration timeout) {}

  private final Key key;
  private final AwsClients clients;
  private final SdkAsyncHttpClient http;
  private final SignedCalls calls;
  private final ByteBudget budget = new ByteBudget(ByteBudget.JVM_BYTES);
  private final Map<String, FeatureGroupDescription> groups = new ConcurrentHashMap<>();

  private JvmClients(Key key, int connections) {
    this.key = key;
    this.clients = new AwsClients(key.access());
    this.http = AwsClients.asyncHttpClient(connections, key.timeout());
    this.calls = new SignedCalls(clients, http, key.timeout());
  }

  /**
   * Takes part in what this JVM has for the run.
   *
   * @param run its id, or any name for what belongs to no run
   * @param connections the most calls at a time, if this is the first lease
   * @throws io.fsmigrate.error.FsMigrateException NO_AWS_REGION
   */
  static Lease lease(AwsAccess access, String run, int connections, Duration timeout) {
    return new Lease(
        OPEN.lease(new Key(access, run, timeout), key -> new JvmClients(key, connections)));
  }

  /** Leases that are not closed, for tests. */
  static int open() {
    return OPEN.leases();
  }

  @Override
  public void close() {
    http.close();
    clients.close();
  }

  /** Notes that a run has to do without batch writes; true for the first to note it. */
  static boolean noteWithoutBatches(String run, String store) {
    synchronized (WITHOUT_BATCHES) {
      if (WITHOUT_BATCHES.size() >= REMEMBERED) {
        WITHOUT_BATCHES.remove(WITHOUT_BATCHES.iterator().next());
      }
      return WITHOUT_BATCHES.add(run + "/" + store);
    }
  }

  static boolean isWithoutBatches(String run, String store) {
    synchronized (WITHOUT_BATCHES) {
      return WITHOUT_BATCHES.contains(run + "/" + store);
    }
  }

  /** One user of it. */
  static final class Lease implements AutoCloseable {
    private final SharedInJvm.Lease<JvmClients> lease;
    private final JvmClients shared;

    private Lease(SharedInJvm.Lease<JvmClients> lease) {
      this.lease = lease;
      this.shared = lease.value();
    }

    SignedCalls calls() {
      return shared.calls;
    }

    ByteBudget budget() {
      return shared.budget;
    }

    /** The group as the service described it to the first who asked in this JVM for this run. */
    FeatureGroupDescription describe(String group) {
      return shared.groups.computeIfAbsent(
          group,
          name -> {
            try (FeatureGroups groups = new FeatureGroups(shared.key.access(), shared.clients)) {
              return groups.describeCreated(name);
            }
          });
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
