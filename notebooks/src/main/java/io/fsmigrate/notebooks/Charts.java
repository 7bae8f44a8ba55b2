package io.fsmigrate.notebooks;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;

/** The one kind of chart that the notebooks draw, so that a cell names only what it shows. */
public final class Charts {
  /** Light enough that black numbers can be read on it. */
  private static final Color BARS = new Color(0x8A, 0xB8, 0xF2);

  private Charts() {}

  /**
   * A bar for each entry, with its number in it.
   *
   * @param unit of the numbers
   */
  public static CategoryChart bars(
      String title, String unit, Map<String, ? extends Number> values) {
    CategoryChart chart =
        new CategoryChartBuilder().width(860).height(320).title(title).yAxisTitle(unit).build();
    // XChart refuses to draw nothing.
    Map<String, ? extends Number> drawn = values.isEmpty() ? Map.of("none", 0) : values;
    chart.addSeries(unit, new ArrayList<>(drawn.keySet()), new ArrayList<>(drawn.values()));
    CategoryStyler style = chart.getStyler();
    style.setLabelsVisible(true);
    style.setLabelsFontColorAutomaticEnabled(false);
    style.setLabelsFontColor(Color.BLACK);
    style.setAvailableSpaceFill(0.6);
    style.setXAxisLabelRotation(values.size() > 6 ? 30 : 0);
    style.setYAxisMin(0.0);
    style.setYAxisDecimalPattern("#,##0.###");
    style.setDecimalPattern("#,##0.###");
    style.setLegendVisible(false);
    style.setSeriesColors(new Color[] {BARS});
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    return chart;
  }
}
