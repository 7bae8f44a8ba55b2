package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.DataSecurityMode;
import com.databricks.sdk.service.jobs.JobCluster;
import com.databricks.sdk.service.jobs.JobSettings;
import com.databricks.sdk.service.jobs.Task;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The job of the bundle fits the model of the Databricks SDK; what is around it is the bundle's.
 */
class DatabricksBundleTest {
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(com.fasterxml.jackson.databind.MapperFeature.ALLOW_COERCION_OF_SCALARS);

  private final JsonNode bundle =
      Repository.tree(Repository.definition("databricks/databricks.yml"));
  private final JsonNode job = bundle.at("/resources/jobs/migrate_clicks");

  @Test
  void theBundleHasItsOwnKeysAndNoOthers() {
    assertThat(bundle.fieldNames())
        .toIterable()
        .containsExactly("bundle", "variables", "resources", "targets");
    assertThat(bundle.at("/bundle/name").asText()).isEqualTo("fs-migrate");
    assertThat(bundle.path("variables"))
        .allSatisfy(
            variable ->
                assertThat(variable.fieldNames())
                    .toIterable()
                    .containsExactly("description", "default"));
    assertThat(bundle.path("targets").findValuesAsText("mode"))
        .containsExactly("development", "production");
    assertThat(bundle.at("/targets/dev/default").asBoolean()).isTrue();
  }

  @Test
  void theJobIsOne() throws Exception {
    JobSettings settings = STRICT.treeToValue(job, JobSettings.class);
    List<Task> tasks = new ArrayList<>(settings.getTasks());
    JobCluster cluster = settings.getJobClusters().iterator().next();

    assertThat(settings.getMaxConcurrentRuns()).isOne();
    assertThat(tasks).extracting(Task::getTaskKey).containsExactly("plan", "migrate");
    assertThat(tasks)
        .allSatisfy(
            task -> {
              assertThat(task.getJobClusterKey()).isEqualTo(cluster.getJobClusterKey());
              assertThat(task.getLibraries()).hasSize(1);
              assertThat(task.getMaxRetries()).isZero();
            });
    assertThat(tasks.get(1).getDependsOn())
        .extracting(dependency -> dependency.getTaskKey())
        .containsExactly("plan");
  }

  @Test
  void theClusterHasSpark4AndTheSessionItself() throws Exception {
    JobSettings settings = STRICT.treeToValue(job, JobSettings.class);
    ClusterSpec cluster = settings.getJobClusters().iterator().next().getNewCluster();

    assertThat(cluster.getSparkVersion()).matches("(1[7-9]|[2-9]\\d)\\.\\d\\.x-scala2\\.13");
    assertThat(cluster.getDataSecurityMode()).isEqualTo(DataSecurityMode.SINGLE_USER);
    assertThat(cluster.getInitScripts())
        .allSatisfy(
            script ->
                assertThat(script.getWorkspace().getDestination())
                    .endsWith("/mount-feature-store.sh"));
    assertThat(Repository.definition("databricks/mount-feature-store.sh")).isExecutable();
  }

  @Test
  void theSecondTaskRunsThePlanOfTheFirst() {
    List<Launch> tasks =
        Launch.all().stream().filter(l -> l.definition().startsWith("databricks/")).toList();
    List<String> plan = tasks.get(0).arguments();
    List<String> migrate = tasks.get(1).arguments();

    assertThat(migrate.get(migrate.indexOf("--plan") + 1))
        .isEqualTo(plan.get(plan.indexOf("--out") + 1));
  }

  @Test
  void whatDoesNotFitIsNoticed() {
    ObjectNode mistyped = job.deepCopy();
    ((ObjectNode) mistyped.at("/tasks/0/spark_jar_task")).put("main_class", "x");
    ObjectNode wrong = job.deepCopy();
    ((ObjectNode) wrong.at("/tasks/0")).put("max_retries", "none");

    assertThatThrownBy(() -> STRICT.treeToValue(mistyped, JobSettings.class))
        .isInstanceOf(UnrecognizedPropertyException.class);
    assertThatThrownBy(() -> STRICT.treeToValue(wrong, JobSettings.class))
        .isInstanceOf(JsonProcessingException.class);
  }
}
