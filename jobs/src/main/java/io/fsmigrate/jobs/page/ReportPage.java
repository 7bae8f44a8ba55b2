package io.fsmigrate.jobs.page;

import io.fsmigrate.run.RunReport;
import io.fsmigrate.run.RunState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A report as one HTML page: without script, and without anything from elsewhere, so that it can be
 * mailed or kept and opened where there is no network.
 */
public final class ReportPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private final RunReport report;
  private final Html html = new Html();
  private final ReportSections sections;

  private ReportPage(RunReport report, String program) {
    this.report = report;
    this.sections = new ReportSections(html, report, program);
  }

  /**
   * The page.
   *
   * @param program how a command that goes on begins
   */
  public static String of(RunReport report, String program) {
    return new ReportPage(report, program).page();
  }

  private String page() {
    html.in(
        "html",
        List.of("lang", "en"),
        () -> {
          html.in("head", Html.PLAIN, this::head);
          html.in(
              "body",
              Html.PLAIN,
              () ->
                  html.in(
                      "main",
                      Html.PLAIN,
                      () -> {
                        html.in("header", Html.PLAIN, this::title);
                        sections.write();
                      }));
        });
    return html.document();
  }

  private void head() {
    html.empty("meta", List.of("charset", "utf-8"));
    html.empty(
        "meta", List.of("name", "viewport", "content", "width=device-width, initial-scale=1"));
    html.empty("meta", List.of("name", "color-scheme", "content", "light dark"));
    // Whatever a row's value may be taken for, nothing is fetched and nothing runs.
    html.empty(
        "meta",
        List.of(
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src 'unsafe-inline'"));
    html.text("title", Html.PLAIN, "Run %s, %s".formatted(report.run(), report.state().text()));
    html.own("style", style());
  }

  private void title() {
    html.text("p", Html.of("quiet eyebrow"), "Run report");
    html.in(
        "h1",
        Html.PLAIN,
        () -> {
          html.text("span", Html.PLAIN, report.source());
          html.text("span", List.of("class", "arrow", "aria-label", "to"), "→");
          html.text("span", Html.PLAIN, report.target());
        });
    html.in(
        "p",
        Html.of("status"),
        () -> {
          html.in(
              "span",
              List.of("class", "badge " + look(report.state()), "id", "state"),
              () -> {
                html.text("span", List.of("aria-hidden", "true"), sign(report.state()));
                html.text("span", Html.PLAIN, report.state().text());
              });
          html.text(
              "span",
              Html.PLAIN,
              "%s, ended %s"
                  .formatted(Numbers.time(report.duration()), TIME.format(report.endedAt())));
        });
    report
        .message()
        .ifPresent(message -> html.text("p", Html.of("message " + look(report.state())), message));
  }

  private static String look(RunState state) {
    return switch (state) {
      case FINISHED -> "good";
      case FINISHED_WITH_FAILURES, FINISHED_WITH_DIFFERENCES -> "warning";
      case STOPPED, FAILED -> "bad";
      case RUNNING, INTERRUPTED, ABANDONED -> "neutral";
    };
  }

  private static String sign(RunState state) {
    return switch (state) {
      case FINISHED -> "✓";
      case FINISHED_WITH_FAILURES, FINISHED_WITH_DIFFERENCES -> "!";
      case STOPPED, FAILED -> "×";
      case RUNNING, INTERRUPTED, ABANDONED -> "–";
    };
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css", e);
    }
  }
}
