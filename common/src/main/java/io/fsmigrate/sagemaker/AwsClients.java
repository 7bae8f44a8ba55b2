package io.fsmigrate.sagemaker;

import static software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes clients of the services for one access. Each client is the caller's to close; so is this,
 * which holds the credentials.
 */
public final class AwsClients implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** A call of the control plane that takes longer is given up and tried again. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  /** The client does not watch more closely. */
  private static final Duration LEAST_STALL = Duration.ofSeconds(2);

  private static final int CONTROL_PLANE_ATTEMPTS = 5;

  private final AwsAccess access;
  private final Region region;
  private final AwsCredentialsProvider credentials;

  /**
   * @throws io.fsmigrate.error.FsMigrateException NO_AWS_REGION
   */
  public AwsClients(AwsAccess access) {
    this.access = access;
    this.region = region(access);
    this.credentials = credentials(access, region);
  }

  private static Region region(AwsAccess access) {
    if (access.region() != null) {
      return Region.of(access.region());
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw SageMakerErrors.noRegion(e);
    }
  }

  private static AwsCredentialsProvider credentials(AwsAccess access, Region region) {
    AwsCredentialsProvider own =
        access.profile() == null
            ? DefaultCredentialsProvider.builder().build()
            : ProfileCredentialsProvider.create(access.profile());
    if (access.roleArn() == null) {
      return own;
    }
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(
            StsClient.builder()
                .region(region)
                .credentialsProvider(own)
                .httpClient(httpClient())
                .build())
        .refreshRequest(r -> r.roleArn(access.roleArn()).roleSessionName("fs-migrate"))
        .build();
  }

  /** The region that calls go to. */
  public Region region() {
    return region;
  }

  /** Keys that renew themselves, for signing by hand. */
  public AwsCredentialsProvider credentials() {
    return credentials;
  }

  /** Where the Feature Store runtime answers. */
  public URI runtimeEndpoint() {
    return access
        .endpointUri()
        .orElseGet(
            () ->
                URI.create(
                    "https://featurestore-runtime.sagemaker.%s.%s"
                        .formatted(region.id(), region.metadata().partition().dnsSuffix())));
  }

  /** The control plane of feature groups. */
  public SageMakerClient sageMaker() {
    return configure(SageMakerClient.builder().httpClient(httpClient())).build();
  }

  /** Queries over offline stores. */
  public AthenaClient athena() {
    return configure(AthenaClient.builder().httpClient(httpClient())).build();
  }

  /**
   * Records of online stores. It tries each call once: who may try again, and when, is for the
   * caller to say, who knows what else is in flight.
   *
   * @param http its client, closed by the caller
   */
  public SageMakerFeatureStoreRuntimeAsyncClient runtime(SdkAsyncHttpClient http) {
    return configure(SageMakerFeatureStoreRuntimeAsyncClient.builder().httpClient(http))
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  /**
   * Items of tables. It tries each call once, as {@link #runtime}, and completes it in the thread
   * of the HTTP client, which must not be kept.
   *
   * @param http its client, closed by the caller
   * @param timeout of a call
   */
  public DynamoDbAsyncClient dynamoDb(SdkAsyncHttpClient http, Duration timeout) {
    return configure(DynamoDbAsyncClient.builder().httpClient(http))
        .asyncConfiguration(a -> a.advancedOption(FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(
            o ->
                o.retryStrategy(DefaultRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(timeout)
                    .apiCallTimeout(timeout))
        .build();
  }

  /**
   * An HTTP client for that many calls side by side.
   *
   * @param stall a connection on which nothing moves for that long during a call is given up, so
   *     that calls without a reply do not use up all connections; less than two seconds are two
   */
  public static SdkAsyncHttpClient asyncHttpClient(int connections, Duration stall) {
    return AwsCrtAsyncHttpClient.builder()
        .maxConcurrency(connections)
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionAcquisitionTimeout(CALL_TIMEOUT)
        .connectionHealthConfiguration(
            health ->
                health
                    .minimumThroughputInBps(1L)
                    .minimumThroughputTimeout(atLeast(LEAST_STALL, stall)))
        .build();
  }

  private static Duration atLeast(Duration least, Duration wanted) {
    return wanted.compareTo(least) < 0 ? least : wanted;
  }

  private static SdkHttpClient httpClient() {
    return AwsCrtHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).build();
  }

  private <B extends AwsClientBuilder<B, C>, C> B configure(B builder) {
    access.endpointUri().ifPresent(builder::endpointOverride);
    return builder
        .region(region)
        .credentialsProvider(credentials)
        .overrideConfiguration(
            o ->
                o.apiCallAttemptTimeout(CALL_TIMEOUT)
                    .retryStrategy(
                        DefaultRetryStrategy.standardStrategyBuilder()
                            .maxAttempts(CONTROL_PLANE_ATTEMPTS)
                            .build()));
  }

  @Override
  public void close() {
    if (credentials instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("The credentials provider cannot be closed", e);
      }
    }
  }
}
