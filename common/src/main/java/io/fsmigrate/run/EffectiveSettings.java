package io.fsmigrate.run;

import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run works with: the configuration, and what the command line said instead. */
final class EffectiveSettings {
  private EffectiveSettings() {}

  static RunReport.Settings of(
      RunSettings settings, RunOptions options, List<OnlineStoreDefinition> stores) {
    Map<String, String> run = values(settings);
    run.putAll(values(options));
    Map<String, Map<String, String>> byStore = new TreeMap<>();
    for (OnlineStoreDefinition store : stores) {
      Map<String, String> shown = new TreeMap<>(store.shown());
      shown.put("type", store.type());
      byStore.put(store.name(), shown);
    }
    return new RunReport.Settings(run, byStore);
  }

  /** Components of both records are named as the keys are, but for the dashes. */
  private static Map<String, String> values(Record settings) {
    Map<String, String> values = new TreeMap<>();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      try {
        values.put(
            component.getName().replaceAll("(\\p{Upper})", "-$1").toLowerCase(Locale.ROOT),
            String.valueOf(component.getAccessor().invoke(settings)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A component cannot be read: " + component, e);
      }
    }
    return values;
  }
}
