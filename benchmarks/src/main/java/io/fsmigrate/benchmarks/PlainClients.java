package io.fsmigrate.benchmarks;

import java.net.URI;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/** Clients as anybody has them: those of the program are relocated in its jar. */
final class PlainClients {
  private PlainClients() {}

  static SageMakerClient sageMaker(URI endpoint) {
    return configure(SageMakerClient.builder(), endpoint)
        .httpClient(AwsCrtHttpClient.create())
        .build();
  }

  static AthenaClient athena(URI endpoint) {
    return configure(AthenaClient.builder(), endpoint)
        .httpClient(AwsCrtHttpClient.create())
        .build();
  }

  private static <B extends AwsClientBuilder<B, ?>> B configure(B builder, URI endpoint) {
    return builder.endpointOverride(endpoint).region(Region.US_EAST_1);
  }
}
