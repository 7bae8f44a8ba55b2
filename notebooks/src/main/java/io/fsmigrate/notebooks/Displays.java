package io.fsmigrate.notebooks;

import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * How values look below a cell: data frames, maps, lists and records as tables, charts as images.
 */
final class Displays {
  private Displays() {}

  static void register(Renderer renderer) {
    renderer
        .createRegistration(Dataset.class)
        .preferring(MIMEType.TEXT_HTML)
        .register((data, context) -> show(Grid.of(rows(data)), context));
    renderer
        .createRegistration(Map.class)
        .preferring(MIMEType.TEXT_HTML)
        .register((map, context) -> show(Grid.of(map), context));
    renderer
        .createRegistration(Collection.class)
        .preferring(MIMEType.TEXT_HTML)
        .register((values, context) -> show(Grid.of(values), context));
    renderer
        .createRegistration(Record.class)
        .preferring(MIMEType.TEXT_HTML)
        .register((record, context) -> show(Grid.of(List.of(record)), context));
    renderer
        .createRegistration(Chart.class)
        .preferring(MIMEType.IMAGE_PNG)
        .register(Displays::draw);
  }

  // An image and no vector graphic: every viewer of notebooks shows it without asking for trust.
  private static void draw(Chart<?, ?> chart, RenderContext context) {
    context
        .getOutputContainer()
        .assign(context.getRenderer().render(BitmapEncoder.getBufferedImage(chart)));
    context.getOutputContainer().putText(chart.getTitle());
  }

  @SuppressWarnings("unchecked") // Of any other element the columns are those of its rows as well.
  private static Dataset<Row> rows(Dataset<?> data) {
    return (Dataset<Row>) data.toDF();
  }

  private static void show(Grid grid, RenderContext context) {
    context.getOutputContainer().putText(grid.text());
    context.renderIfRequested(MIMEType.TEXT_HTML, grid::html);
  }
}
