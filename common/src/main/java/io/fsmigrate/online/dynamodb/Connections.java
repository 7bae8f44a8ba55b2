package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.calls.ByteBudget;
import io.fsmigrate.online.calls.SharedInJvm;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import java.time.Duration;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * What the tasks of one JVM share for a run: connections, credentials and a budget of bytes. This
 * is the store's one place with state per JVM, since tasks of an executor have nothing else in
 * common.
 */
final class Connections implements AutoCloseable {
  private static final SharedInJvm<Key, Connections> OPEN = new SharedInJvm<>();

  private record Key(AwsAccess access, String run, Duration timeout) {}

  private final AwsClients clients;
  private final SdkAsyncHttpClient http;
  private final DynamoDbAsyncClient client;
  private final ByteBudget budget = new ByteBudget(ByteBudget.JVM_BYTES);

  private Connections(Key key, int connections) {
    this.clients = new AwsClients(key.access());
    this.http = AwsClients.asyncHttpClient(connections, key.timeout());
    this.client = clients.dynamoDb(http, key.timeout());
  }

  /**
   * Takes part in what this JVM has for the run.
   *
   * @param run its id, or any name for what belongs to no run
   * @param connections the most calls at a time, if this is the first lease
   * @throws io.fsmigrate.error.FsMigrateException NO_AWS_REGION
   */
  static SharedInJvm.Lease<Connections> lease(
      AwsAccess access, String run, int connections, Duration timeout) {
    return OPEN.lease(new Key(access, run, timeout), key -> new Connections(key, connections));
  }

  /** Leases that are not closed, for tests. */
  static int open() {
    return OPEN.leases();
  }

  DynamoDbAsyncClient client() {
    return client;
  }

  ByteBudget budget() {
    return budget;
  }

  @Override
  public void close() {
    client.close();
    http.close();
    clients.close();
  }
}
