package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md shows the keys that this version of the program has. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String BEGIN =
      "<!-- Printed by fs-migrate catalog reference; change conf/reference.conf, not this. -->\n";
  private static final String END = "<!-- End of what is printed. -->\n";

  /** Set to write the page instead of comparing it. */
  private static final String UPDATE = "fsmigrate.update-docs";

  @Test
  void thePageHasWhatTheCommandPrints() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    Cli.Result printed = Cli.run("catalog", "reference");
    assertThat(printed.err()).isEmpty();
    assertThat(printed.exitCode()).isZero();

    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(PAGE, page.substring(0, begin) + printed.out() + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end))
        .as(
            "%s lags behind conf/reference.conf; update it with: mvn -pl jobs -am test -Dtest=%s"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            PAGE, ConfigurationPageTest.class.getSimpleName(), UPDATE)
        .isEqualTo(printed.out());
  }

  @Test
  void theReferenceNeedsNoConfigurationAndIsThereForMachines() {
    Cli.Result printed =
        Cli.run("catalog", "reference", "--output", "json", "--conf", "no-such-file.conf");

    assertThat(printed.exitCode()).isZero();
    JsonNode document = Sandbox.json(printed.out());
    assertThat(document.get("schema").asText()).isEqualTo("fs-migrate/configuration-reference/1");
    assertThat(document.get("keys"))
        .anySatisfy(
            key -> {
              assertThat(key.get("key").asText()).isEqualTo("run.unit-bytes");
              assertThat(key.get("type").asText()).isEqualTo("size");
              assertThat(key.get("defaultValue").asText()).isEqualTo("128MiB");
              assertThat(key.get("meaning").asText()).contains("Resume");
            });
    assertThat(document.get("example").asText()).startsWith("fs-migrate {\n");
  }
}
