package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.jobs.page.ReportPage;
import io.fsmigrate.run.RunReport;
import io.fsmigrate.run.Verification;
import io.fsmigrate.state.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a report, as a browser shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunReportPageTest {
  private static final String HOSTILE = "<script>alert(1)</script>\"'&";

  /** Every text that is seen, with the contrast to what is behind it, the worst first. */
  private static final String CONTRAST =
      """
      (() => {
        const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const numbers = text => text.match(/[\\d.]+/g).map(Number);
        const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
        const behind = element => {
          for (let e = element; e; e = e.parentElement) {
            const c = numbers(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] === 1) return c;
          }
          return [255, 255, 255];
        };
        const seen = [];
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const text = texts.currentNode.textContent.trim();
          if (!text) continue;
          const element = texts.currentNode.parentElement;
          const a = light(numbers(getComputedStyle(element).color)), b = light(behind(element));
          seen.push({ text, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
        }
        return seen.sort((x, y) => x.ratio - y.ratio);
      })()
      """;

  private static final String NUMBERS =
      """
      Object.fromEntries([...document.querySelectorAll('[data-number]')]
          .map(e => [e.dataset.number, e.innerText]))
      """;

  private final RunReport report = report();
  private Optional<Browser> browser = Optional.empty();
  private Path page;

  @BeforeAll
  void write(@TempDir Path directory) throws Exception {
    page = Files.writeString(directory.resolve("report.html"), ReportPage.of(report, "fs-migrate"));
    Optional<Path> executable = Browser.executable();
    if (executable.isPresent()) {
      browser = Optional.of(Browser.start(executable.get(), directory));
    }
  }

  @AfterAll
  void end() throws Exception {
    if (browser.isPresent()) {
      browser.get().close();
    }
  }

  @Test
  void thePageNeedsNothingAndRunsNothing() throws Exception {
    String text = Files.readString(page);
    assertThat(text).doesNotContainPattern("(?i)(src|href|action)\\s*=|@import|url\\(|<script");
    assertThat(text).doesNotContain("http:", "https:");
    assertThat(text).contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
  }

  @ParameterizedTest
  @CsvSource({"390, false", "390, true", "1280, false", "1280, true"})
  void thePageFitsAndCanBeRead(int width, boolean dark) throws Exception {
    Browser shown = browser();
    shown.open(page, width, dark);
    Path picture = Path.of("target", "run-report-%d-%s.png".formatted(width, dark));
    Files.createDirectories(picture.getParent());
    Files.write(picture, Base64.getDecoder().decode(shown.picture()));

    JsonNode sizes =
        shown.evaluate("({ page: document.documentElement.scrollWidth, window: innerWidth })");
    assertThat(sizes.get("window").asInt()).isEqualTo(width);
    assertThat(sizes.get("page").asInt()).isLessThanOrEqualTo(width);
    JsonNode texts = shown.evaluate(CONTRAST);
    assertThat(texts).hasSizeGreaterThan(50);
    assertThat(texts.get(0).get("ratio").asDouble())
        .as("contrast of %s", texts.get(0).get("text"))
        .isGreaterThanOrEqualTo(4.5);
    String paper = shown.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    assertThat(paper).isEqualTo(dark ? "rgb(20, 23, 28)" : "rgb(255, 255, 255)");
    assertThat(shown.requests()).allMatch(page.toUri().toString()::equals);
  }

  @Test
  void theNumbersOnThePageAreTheReports() throws Exception {
    Browser shown = browser();
    shown.open(page, 1280, false);
    Map<String, String> wanted = new TreeMap<>();
    report.offline().forEach((name, n) -> wanted.put("offline/" + name, grouped(n)));
    report
        .online()
        .forEach(
            (store, counters) ->
                counters.forEach((name, n) -> wanted.put(store + "/" + name, grouped(n))));
    report
        .calls()
        .forEach(
            (store, calls) ->
                calls.forEach(
                    (name, n) -> wanted.put("calls/%s/%s".formatted(store, name), grouped(n))));
    report.timingsMillis().forEach((stage, n) -> wanted.put("millis/" + stage, grouped(n)));
    for (int i = 0; i < report.failures().causes().size(); i++) {
      wanted.put("failures/" + i, grouped(report.failures().causes().get(i).records()));
    }
    wanted.put("verify/offline/compared", "12,345,678");
    wanted.put("verify/offline/missing", "1");
    wanted.put("verify/offline/extra", "0");
    wanted.put("verify/offline/different", "23");

    Map<String, String> found = new TreeMap<>();
    shown.evaluate(NUMBERS).properties().forEach(e -> found.put(e.getKey(), e.getValue().asText()));

    assertThat(found).isEqualTo(wanted);
    assertThat(shown.evaluate("document.getElementById('state').innerText").asText())
        .contains("finished with failures");
    assertThat(
            shown.evaluate("document.querySelectorAll('svg[role=img][aria-label]').length").asInt())
        .isEqualTo(2);
  }

  private Browser browser() {
    assumeTrue(browser.isPresent(), "Skipped: there is no chromium on the PATH");
    return browser.get();
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A report with everything in it, and texts that are as bad as they can be. */
  private static RunReport report() {
    String json =
        """
        { "schema": "fs-migrate/report/2", "run": "20261121T003000Z-a1b2c3",
          "state": "FINISHED_WITH_FAILURES", "exitCode": 3, "command": "migrate",
          "source": "parquet:/data/2026/11/a-rather-long-path/of/flights-as-they-came-in.parquet",
          "target": "feature/flights-2:flights@2.0.0",
          "path": ["flights raw -> 1.0.0", "flights 1.0.0 -> 2.0.0"],
          "offline": { "skipped": 0, "read": 12346700, "filtered": 77, "failed": 945,
            "accepted": 12345678, "written": 12345678, "unchanged": 0 },
          "online": { "cache": { "newest": 48211, "superseded": 12297467, "written": 48200,
            "stale": 8, "failed": 3 } },
          "calls": { "cache": { "calls": 1929, "throttled": 12, "in-flight": 64,
            "concurrency": 48 } },
          "serving": [ { "store": "cache", "writtenTo": "flights@2.0.0:*", "served":
            "flights@1.0.0", "place": "flights@1.0.0:*", "moved": false, "toServe":
            "serving switch flights@2.0.0 --store cache" } ],
          "branchCommit": "c-000017", "failedRecords": "/warehouse/_fs_migrate/run/x/failed",
          "startedAt": "2026-11-21T00:30:00Z", "endedAt": "2026-11-21T00:42:11.250Z",
          "timingsMillis": { "offline": 611250, "cache": 118000 },
          "fingerprint": "9f3c", "programVersion": "0.1.0",
          "throughput": { "since": "2026-11-21T00:30:00Z", "resumed": true, "samples": [
            { "seconds": 0.0, "rows": {} },
            { "seconds": 120.5, "rows": { "offline": 2100000 } },
            { "seconds": 300.0, "rows": { "offline": 6900000 } },
            { "seconds": 601.0, "rows": { "offline": 12346700 } },
            { "seconds": 660.0, "rows": { "offline": 12346700, "cache": 20000 } },
            { "seconds": 731.2, "rows": { "offline": 12346700, "cache": 48211 } } ] },
          "settings": { "run": { "batch-size": "1000", "max-failures": "1%%" },
            "stores": { "cache": { "type": "redis", "nodes": "redis-1:6379",
              "password": "***" } } },
          "next": [ { "command": "runs failed 20261121T003000Z-a1b2c3 --to failed.jsonl",
            "why": "see what failed and why" } ],
          "failures": { "records": 948, "looked": 900, "causes": [
            { "store": "offline", "code": "CONTRACT", "reason": "%s", "records": 897 },
            { "store": "cache", "code": "CONSTRAINT", "records": 3 } ] } }
        """
            .formatted(HOSTILE.replace("\"", "\\\""));
    RunReport read = new Json().read("the test's report", json, RunReport.class);
    return read.verified(
        new Verification(
            "20261121T010000Z-d4e5f6",
            Instant.parse("2026-11-21T01:03:00Z"),
            false,
            List.of(
                new Verification.Compared(
                    "offline", 12_345_678, 1, 0, 23, Optional.of("/warehouse/differences")))));
  }
}
