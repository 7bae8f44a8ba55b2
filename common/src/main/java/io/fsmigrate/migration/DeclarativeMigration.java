package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureVersion;
import java.util.List;

/**
 * A migration written as steps in the configuration.
 *
 * @param steps applied in order
 */
public record DeclarativeMigration(
    String group, FeatureVersion from, FeatureVersion to, String description, List<Step> steps)
    implements Migration {
  public DeclarativeMigration {
    steps = List.copyOf(steps);
  }

  @Override
  public String origin() {
    return "steps in the configuration";
  }

  /** Over the steps as they mean, so that layout, comments and order of keys are free. */
  @Override
  public String checksum() {
    Checksum checksum = new Checksum("declarative", this);
    for (Step step : steps) {
      checksum.add("step", step.kind());
      step.fields().forEach(checksum::add);
    }
    return checksum.text();
  }
}
