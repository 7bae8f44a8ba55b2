package io.fsmigrate.jobs.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One start of the program as a definition describes it.
 *
 * @param definition where it is described
 * @param program the jar, or the start script
 * @param mainClass the class to run; the start script's own when it is the script
 * @param arguments what the program itself gets
 */
record Launch(String definition, String program, String mainClass, List<String> arguments) {
  private static final String MAIN_CLASS = "io.fsmigrate.jobs.FsMigrate";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{var\\.([a-z_]+)}");

  /** Every start in every definition. */
  static List<Launch> all() {
    return Stream.of(
            emr(),
            emrServerless("dry-run"),
            emrServerless("migrate"),
            databricks(),
            kubernetesApache(),
            kubernetesKubeflow(),
            script("airflow/fs_migrate_clicks.py"),
            script("cron/fs-migrate"))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Launch> emr() {
    JsonNode steps = Repository.tree(Repository.definition("emr/steps.json")).path("Steps");
    return elements(steps)
        .map(
            step ->
                submit(
                    "emr/" + step.path("Name").asText(), strings(step.at("/HadoopJarStep/Args"))))
        .toList();
  }

  private static List<Launch> emrServerless(String name) {
    String path = "emr-serverless/" + name + ".json";
    JsonNode driver = Repository.tree(Repository.definition(path)).at("/jobDriver/sparkSubmit");
    List<String> line = new ArrayList<>(List.of("spark-submit"));
    line.addAll(List.of(driver.path("sparkSubmitParameters").asText().split(" ")));
    line.add(driver.path("entryPoint").asText());
    line.addAll(strings(driver.path("entryPointArguments")));
    return List.of(submit(path, line));
  }

  private static List<Launch> databricks() {
    JsonNode bundle = Repository.tree(Repository.definition("databricks/databricks.yml"));
    return elements(bundle.at("/resources/jobs"))
        .flatMap(job -> elements(job.path("tasks")))
        .map(
            task ->
                new Launch(
                    "databricks/" + task.path("task_key").asText(),
                    resolved(bundle, task.at("/libraries/0/jar").asText()),
                    task.at("/spark_jar_task/main_class_name").asText(),
                    strings(task.at("/spark_jar_task/parameters")).stream()
                        .map(parameter -> resolved(bundle, parameter))
                        .toList()))
        .toList();
  }

  private static List<Launch> kubernetesApache() {
    String path = "kubernetes-apache/spark-application.yaml";
    JsonNode spec = Repository.tree(Repository.definition(path)).path("spec");
    return List.of(
        new Launch(
            path,
            spec.path("jars").asText(),
            spec.path("mainClass").asText(),
            strings(spec.path("driverArgs"))));
  }

  private static List<Launch> kubernetesKubeflow() {
    String path = "kubernetes-kubeflow/spark-application.yaml";
    JsonNode spec = Repository.tree(Repository.definition(path)).path("spec");
    return List.of(
        new Launch(
            path,
            spec.path("mainApplicationFile").asText(),
            spec.path("mainClass").asText(),
            strings(spec.path("arguments"))));
  }

  /** Every line of a text that starts the start script, up to where the shell takes over. */
  private static List<Launch> script(String path) {
    List<Launch> launches = new ArrayList<>();
    String text = Repository.text(Repository.definition(path)).replace("\\\n", " ");
    for (String line : text.split("\n")) {
      List<String> words = List.of(line.replace("{{ ts_nodash }}", "20260101T000000").split(" +"));
      int script = indexEndingWith(words, "/submit-scripts/fs-migrate");
      if (script >= 0 && !line.startsWith("#")) {
        List<String> arguments =
            words.subList(script + 1, words.size()).stream()
                .takeWhile(word -> !word.matches("\\|\\||&&|\\||>|>>|2>>|;"))
                .toList();
        launches.add(new Launch(path, words.get(script), MAIN_CLASS, arguments));
      }
    }
    return launches;
  }

  private static Launch submit(String definition, List<String> line) {
    if (!line.get(0).equals("spark-submit")) {
      throw new AssertionError(definition + " does not start with spark-submit: " + line);
    }
    // Options of spark-submit are pairs; the jar is the first word that is no part of one.
    int jar = 1;
    while (line.get(jar).startsWith("--")) {
      jar += 2;
    }
    int mainClass = line.subList(0, jar).indexOf("--class") + 1;
    return new Launch(
        definition, line.get(jar), line.get(mainClass), line.subList(jar + 1, line.size()));
  }

  private static String resolved(JsonNode bundle, String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> {
              JsonNode value = bundle.at("/variables/" + found.group(1) + "/default");
              if (value.isMissingNode()) {
                throw new AssertionError(found.group() + " is not among the bundle's variables");
              }
              return Matcher.quoteReplacement(value.asText());
            });
  }

  private static int indexEndingWith(List<String> words, String end) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).endsWith(end)) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> strings(JsonNode array) {
    return elements(array).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> elements(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  @Override
  public String toString() {
    return definition + ": " + String.join(" ", arguments);
  }
}
