package io.fsmigrate.jobs.page;

import io.fsmigrate.run.Throughput;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows over time, a panel for each store over the same time: stores differ so much in rows that one
 * scale would flatten most of them.
 */
final class ThroughputChart {
  private static final double WIDTH = 600;
  private static final double HEIGHT = 100;

  private final Throughput throughput;
  private final double end;

  ThroughputChart(Throughput throughput) {
    this.throughput = throughput;
    List<Throughput.Sample> samples = throughput.samples();
    this.end = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).seconds();
  }

  /** Whether there is more than one moment to draw. */
  boolean hasSomething() {
    return end > 0 && !stores().isEmpty();
  }

  /** The run's table first, as it is written first. */
  private Set<String> stores() {
    Set<String> stores =
        new TreeSet<>(
            Comparator.comparing((String store) -> !store.equals("offline"))
                .thenComparing(Comparator.naturalOrder()));
    throughput.samples().forEach(sample -> stores.addAll(sample.rows().keySet()));
    return stores;
  }

  void write(Html html) {
    int panel = 0;
    for (String store : stores()) {
      panel++;
      String label = "chart-" + panel;
      html.in("figure", Html.of("panel"), () -> panel(html, store, label));
    }
  }

  private void panel(Html html, String store, String label) {
    long most = rows(throughput.samples().get(throughput.samples().size() - 1), store);
    String said = "%s rows%s".formatted(Numbers.grouped(most), rate(store));
    html.in(
        "figcaption",
        Html.PLAIN,
        () -> {
          html.text("strong", Html.PLAIN, store);
          html.text("span", List.of("class", "quiet", "id", label), said);
        });
    html.in(
        "div",
        Html.of("plot"),
        () -> {
          html.text("span", Html.of("top"), Numbers.grouped(most));
          html.text("span", Html.of("bottom"), "0");
          html.in(
              "svg",
              List.of(
                  "viewBox", "0 0 600 100",
                  "preserveAspectRatio", "none",
                  "role", "img",
                  "aria-label", "Rows over time of " + store + ": " + said),
              () -> lines(html, store, Math.max(most, 1)));
          html.text("span", Html.of("start"), "0 s");
          html.text("span", Html.of("end"), Numbers.time(time(end)));
        });
  }

  private void lines(Html html, String store, long most) {
    for (int quarter = 0; quarter <= 4; quarter++) {
      String y = point(HEIGHT * quarter / 4);
      html.in("line", List.of("class", "grid", "x1", "0", "x2", "600", "y1", y, "y2", y), () -> {});
    }
    StringBuilder line = new StringBuilder();
    for (Throughput.Sample sample : throughput.samples()) {
      line.append(point(WIDTH * sample.seconds() / end))
          .append(',')
          .append(point(HEIGHT - HEIGHT * rows(sample, store) / most))
          .append(' ');
    }
    html.in("polygon", List.of("class", "area", "points", line + "600,100 0,100"), () -> {});
    html.in("polyline", List.of("class", "line", "points", line.toString().strip()), () -> {});
  }

  /** Rows a second while the store gained some, not while another one had its turn. */
  private String rate(String store) {
    List<Throughput.Sample> samples = throughput.samples();
    long first = rows(samples.get(0), store);
    long last = rows(samples.get(samples.size() - 1), store);
    double from = 0;
    for (Throughput.Sample sample : samples) {
      if (rows(sample, store) > first) {
        break;
      }
      from = sample.seconds();
    }
    double seconds = reached(store, last) - from;
    return last == first || seconds <= 0
        ? ""
        : String.format(Locale.ROOT, ", %,.0f a second at work", (last - first) / seconds);
  }

  private double reached(String store, long rows) {
    return throughput.samples().stream()
        .filter(sample -> rows(sample, store) >= rows)
        .findFirst()
        .orElseThrow()
        .seconds();
  }

  private static long rows(Throughput.Sample sample, String store) {
    return sample.rows().getOrDefault(store, 0L);
  }

  private static Duration time(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static String point(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
