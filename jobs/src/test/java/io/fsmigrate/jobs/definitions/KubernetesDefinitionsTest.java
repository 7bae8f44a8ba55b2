package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The applications have the fields that the operators' resource definitions require, and only
 * fields that are there, of the right kind. Neither operator publishes a model to bind them to.
 */
class KubernetesDefinitionsTest {
  private static final JsonNode APACHE =
      Repository.tree(Repository.definition("kubernetes-apache/spark-application.yaml"));
  private static final JsonNode KUBEFLOW =
      Repository.tree(Repository.definition("kubernetes-kubeflow/spark-application.yaml"));

  @Test
  void theApplicationOfTheApacheOperator() {
    requireResource(APACHE, "spark.apache.org/v1");
    assertThat(kinds(APACHE.path("spec")))
        .isEqualTo(
            Map.of(
                "mainClass", JsonNodeType.STRING,
                "jars", JsonNodeType.STRING,
                "driverArgs", JsonNodeType.ARRAY,
                "runtimeVersions", JsonNodeType.OBJECT,
                "applicationTolerations", JsonNodeType.OBJECT,
                "sparkConf", JsonNodeType.OBJECT,
                "driverSpec", JsonNodeType.OBJECT,
                "executorSpec", JsonNodeType.OBJECT));
    assertThat(kinds(APACHE.at("/spec/runtimeVersions")))
        .isEqualTo(
            Map.of(
                "sparkVersion", JsonNodeType.STRING,
                "scalaVersion", JsonNodeType.STRING,
                "jdkVersion", JsonNodeType.STRING));
    assertThat(APACHE.at("/spec/applicationTolerations/restartConfig/restartPolicy").asText())
        .isEqualTo("Never");
    assertThat(APACHE.at("/spec/applicationTolerations/resourceRetainPolicy").asText())
        .isEqualTo("Always");
    assertThat(APACHE.at("/spec/applicationTolerations/ttlAfterStopMillis").asLong())
        .isEqualTo(Duration.ofDays(7).toMillis());
    // Numbers and booleans are refused there.
    assertThat(kinds(APACHE.at("/spec/sparkConf")).values()).containsOnly(JsonNodeType.STRING);
  }

  @Test
  void bothPodsOfTheApacheOperatorHaveTheVolumeAndAreNotRoot() {
    JsonNode conf = APACHE.at("/spec/sparkConf");
    for (String role : Set.of("driver", "executor")) {
      String volume = "spark.kubernetes." + role + ".volumes.persistentVolumeClaim.feature-store.";
      assertThat(conf.path(volume + "options.claimName").asText()).isEqualTo("feature-store");
      assertThat(conf.path(volume + "mount.path").asText()).isEqualTo("/feature-store");
      JsonNode security = APACHE.at("/spec/" + role + "Spec/podTemplateSpec/spec/securityContext");
      assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
      assertThat(security.path("runAsUser").asInt()).isPositive();
    }
  }

  @Test
  void theApplicationOfTheKubeflowOperator() {
    requireResource(KUBEFLOW, "sparkoperator.k8s.io/v1beta2");
    assertThat(kinds(KUBEFLOW.path("spec")))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("type", JsonNodeType.STRING),
                Map.entry("mode", JsonNodeType.STRING),
                Map.entry("sparkVersion", JsonNodeType.STRING),
                Map.entry("image", JsonNodeType.STRING),
                Map.entry("imagePullPolicy", JsonNodeType.STRING),
                Map.entry("mainClass", JsonNodeType.STRING),
                Map.entry("mainApplicationFile", JsonNodeType.STRING),
                Map.entry("arguments", JsonNodeType.ARRAY),
                Map.entry("restartPolicy", JsonNodeType.OBJECT),
                Map.entry("volumes", JsonNodeType.ARRAY),
                Map.entry("driver", JsonNodeType.OBJECT),
                Map.entry("executor", JsonNodeType.OBJECT)));
    assertThat(KUBEFLOW.at("/spec/type").asText()).isEqualTo("Java");
    assertThat(KUBEFLOW.at("/spec/mode").asText()).isEqualTo("cluster");
    assertThat(KUBEFLOW.at("/spec/restartPolicy/type").asText()).isEqualTo("Never");
  }

  @Test
  void bothPodsOfTheKubeflowOperatorHaveTheVolumeAndAreNotRoot() {
    String volume = KUBEFLOW.at("/spec/volumes/0/name").asText();
    assertThat(KUBEFLOW.at("/spec/volumes/0/persistentVolumeClaim/claimName").asText())
        .isNotBlank();
    for (String role : Set.of("driver", "executor")) {
      JsonNode pod = KUBEFLOW.at("/spec/" + role);
      assertThat(kinds(pod))
          .containsEntry("cores", JsonNodeType.NUMBER)
          .containsEntry("memory", JsonNodeType.STRING);
      assertThat(pod.at("/volumeMounts/0/name").asText()).isEqualTo(volume);
      assertThat(pod.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/feature-store");
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(pod.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    }
    assertThat(kinds(KUBEFLOW.at("/spec/driver")).keySet())
        .containsOnly(
            "cores",
            "memory",
            "serviceAccount",
            "volumeMounts",
            "podSecurityContext",
            "securityContext");
    assertThat(kinds(KUBEFLOW.at("/spec/executor")).keySet())
        .containsOnly(
            "instances",
            "cores",
            "memory",
            "volumeMounts",
            "podSecurityContext",
            "securityContext");
  }

  @Test
  void bothRunTheSparkThatTheBuildIsMadeFor() {
    String pom = Repository.text(Repository.file("pom.xml"));

    assertThat(pom)
        .contains("<spark.version>" + APACHE.at("/spec/runtimeVersions/sparkVersion").asText())
        .contains("<spark.version>" + KUBEFLOW.at("/spec/sparkVersion").asText());
  }

  private static void requireResource(JsonNode resource, String apiVersion) {
    assertThat(resource.fieldNames())
        .toIterable()
        .containsExactly("apiVersion", "kind", "metadata", "spec");
    assertThat(resource.path("apiVersion").asText()).isEqualTo(apiVersion);
    assertThat(resource.path("kind").asText()).isEqualTo("SparkApplication");
    assertThat(resource.at("/metadata/name").asText()).matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
  }

  private static Map<String, JsonNodeType> kinds(JsonNode object) {
    Map<String, JsonNodeType> kinds = new TreeMap<>();
    object.fields().forEachRemaining(e -> kinds.put(e.getKey(), e.getValue().getNodeType()));
    return kinds;
  }
}
