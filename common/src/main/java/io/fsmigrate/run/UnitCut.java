package io.fsmigrate.run;

import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.transform.RowPipeline;
import java.util.List;

/** Cuts a source into the units of a run. */
final class UnitCut {
  private UnitCut() {}

  /** None while the slices of the source are not known. */
  static List<InputUnit> of(OfflineSource source, RowPipeline pipeline, RunSettings settings) {
    if (!source.isStaged()) {
      return List.of();
    }
    return pipeline.notRowLocal().isPresent()
        ? UnitPacking.single(source.slices())
        : new UnitPacking(settings.unitBytes(), settings.minUnits()).pack(source.slices());
  }
}
