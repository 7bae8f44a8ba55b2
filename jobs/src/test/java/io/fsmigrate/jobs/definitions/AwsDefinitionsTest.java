package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emrserverless.model.StartJobRunRequest;

/** The definitions for AWS fit the requests of the AWS SDK. */
class AwsDefinitionsTest {
  private static final JsonNode STEPS = Repository.tree(Repository.definition("emr/steps.json"));

  @Test
  void theStepsOfEmrAreOneRequest() {
    AddJobFlowStepsRequest request =
        SdkModel.fill(AddJobFlowStepsRequest.builder(), STEPS, "").build();

    assertThat(request.jobFlowId()).startsWith("j-");
    assertThat(request.steps()).extracting(StepConfig::name).hasSize(2).doesNotContainNull();
    // The second step must not run the plan that the first one could not make.
    assertThat(request.steps())
        .extracting(StepConfig::actionOnFailure)
        .containsOnly(ActionOnFailure.CANCEL_AND_WAIT);
    assertThat(request.steps())
        .allSatisfy(
            step -> {
              assertThat(step.hadoopJarStep().jar()).isEqualTo("command-runner.jar");
              assertThat(step.hadoopJarStep().args()).containsSequence("--deploy-mode", "client");
            });
  }

  @Test
  void theSecondStepRunsThePlanOfTheFirst() {
    List<Launch> steps =
        Launch.all().stream().filter(l -> l.definition().startsWith("emr/")).toList();

    assertThat(after("--out", steps.get(0))).isEqualTo(after("--plan", steps.get(1)));
  }

  private static String after(String option, Launch launch) {
    return launch.arguments().get(launch.arguments().indexOf(option) + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dry-run", "migrate"})
  void theRunsOfEmrServerlessAreRequests(String name) {
    JsonNode json = Repository.tree(Repository.definition("emr-serverless/" + name + ".json"));

    StartJobRunRequest request = SdkModel.fill(StartJobRunRequest.builder(), json, "").build();

    assertThat(request.applicationId()).isNotBlank();
    assertThat(request.executionRoleArn()).matches("arn:aws:iam::\\d{12}:role/.+");
    assertThat(request.jobDriver().sparkSubmit().entryPoint()).startsWith("s3://");
    assertThat(request.executionTimeoutMinutes()).isPositive();
  }

  @Test
  void theTwoRunsOfEmrServerlessDifferInNothingButTheDryRun() {
    List<Launch> runs =
        Launch.all().stream().filter(l -> l.definition().startsWith("emr-serverless/")).toList();

    assertThat(runs.get(0).arguments())
        .startsWith(runs.get(1).arguments().toArray(String[]::new))
        .endsWith("--dry-run")
        .hasSize(runs.get(1).arguments().size() + 1);
  }

  @Test
  void whatDoesNotFitIsNoticed() {
    ObjectNode unknown = STEPS.deepCopy();
    ((ObjectNode) unknown.at("/Steps/0")).put("OnFailure", "CONTINUE");
    ObjectNode wrong = STEPS.deepCopy();
    ((ObjectNode) wrong.at("/Steps/0/HadoopJarStep")).put("Args", "spark-submit");

    assertThatThrownBy(() -> SdkModel.fill(AddJobFlowStepsRequest.builder(), unknown, ""))
        .hasMessageStartingWith("/Steps/0/OnFailure is unknown");
    assertThatThrownBy(() -> SdkModel.fill(AddJobFlowStepsRequest.builder(), wrong, ""))
        .hasMessage("/Steps/0/HadoopJarStep/Args must be a list");
  }

  @Test
  void thePolicyAllowsNamedThingsOnly() {
    JsonNode policy = Repository.tree(Repository.definition("iam/policy.json"));

    assertThat(policy.fieldNames()).toIterable().containsExactly("Version", "Statement");
    assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
    assertThat(policy.path("Statement"))
        .hasSizeGreaterThan(3)
        .allSatisfy(AwsDefinitionsTest::requireNarrow);
  }

  @Test
  void noSourceIsWrittenTo() {
    JsonNode statements =
        Repository.tree(Repository.definition("iam/policy.json")).path("Statement");

    assertThat(statements)
        .filteredOn(statement -> statement.path("Resource").asText().contains("example-sources"))
        .extracting(statement -> statement.path("Action").asText())
        .containsExactlyInAnyOrder("s3:ListBucket", "s3:GetObject");
  }

  private static void requireNarrow(JsonNode statement) {
    assertThat(statement.fieldNames())
        .toIterable()
        .isSubsetOf("Sid", "Effect", "Action", "Resource", "Condition")
        .contains("Sid", "Effect", "Action", "Resource");
    assertThat(statement.path("Sid").asText()).matches("[A-Za-z0-9]+");
    assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
    assertThat(texts(statement.path("Action")))
        .allMatch(text -> text.matches("[a-z0-9]+:[A-Za-z]+"));
    assertThat(texts(statement.path("Resource")))
        .allMatch(text -> text.matches("arn:aws:[a-z0-9]+:[^*]*[^*/:](/\\*)?"));
  }

  /** One text or a list of them, as the policy language has it. */
  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    (node.isArray() ? node : List.of(node)).forEach(text -> texts.add(text.asText()));
    assertThat(texts).isNotEmpty();
    return texts;
  }
}
