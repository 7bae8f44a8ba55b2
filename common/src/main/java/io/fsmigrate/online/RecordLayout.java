package io.fsmigrate.online;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A target as a store sees it.
 *
 * @param id place of the record identifier
 * @param eventTime place of the event time
 */
public record RecordLayout(
    String address, List<String> names, List<ValueType> types, int id, int eventTime) {
  public RecordLayout {
    names = List.copyOf(names);
    types = List.copyOf(types);
  }

  /**
   * The layout of that target.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNSUPPORTED_ONLINE_TYPE, NO_SUCH_FEATURE
   */
  public static RecordLayout of(VersionedGroup target) {
    List<ValueType> types = new ArrayList<>();
    List<Feature> unsupported = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      ValueType.of(feature.type()).ifPresentOrElse(types::add, () -> unsupported.add(feature));
    }
    if (!unsupported.isEmpty()) {
      throw OnlineErrors.unsupportedTypes(target.address(), unsupported);
    }
    return new RecordLayout(
        target.address(),
        target.schema().names(),
        types,
        place(target, target.recordIdentifier(), "record identifier"),
        place(target, target.eventTime(), "event time"));
  }

  /**
   * The same without features that are not among these names, in whichever case; but for record
   * identifier and event time, without which there is no layout.
   */
  public RecordLayout only(List<String> some) {
    TreeSet<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    wanted.addAll(some);
    wanted.add(names.get(id));
    wanted.add(names.get(eventTime));
    List<String> keptNames = new ArrayList<>();
    List<ValueType> keptTypes = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (wanted.contains(names.get(i))) {
        keptNames.add(names.get(i));
        keptTypes.add(types.get(i));
      }
    }
    return new RecordLayout(
        address,
        keptNames,
        keptTypes,
        keptNames.indexOf(names.get(id)),
        keptNames.indexOf(names.get(eventTime)));
  }

  private static int place(VersionedGroup target, String name, String role) {
    return target
        .schema()
        .find(name)
        .map(feature -> target.schema().features().indexOf(feature))
        .orElseThrow(() -> OnlineErrors.noSuchFeature(target.address(), name, role));
  }
}
