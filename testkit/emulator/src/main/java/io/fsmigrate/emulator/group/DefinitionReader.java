package io.fsmigrate.emulator.group;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.record.CollectionType;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureType;
import io.fsmigrate.emulator.record.StorageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads and checks definitions of features. */
final class DefinitionReader {
  static final int MAX_FEATURES = 2500;

  private static final int MAX_DIMENSION = 8192;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}");
  private static final int MAX_NAME = 64;
  private static final Set<String> RESERVED =
      Set.of("is_deleted", "write_time", "api_invocation_time");

  private DefinitionReader() {}

  /**
   * Features that may be added to others.
   *
   * @param existing features that are there already
   * @throws ServiceException ValidationException
   */
  static List<FeatureDefinition> read(
      JsonNode array, List<FeatureDefinition> existing, Optional<StorageType> online) {
    List<FeatureDefinition> all = new ArrayList<>(existing);
    Set<String> names = new HashSet<>();
    existing.forEach(feature -> names.add(feature.name()));
    for (JsonNode node : array) {
      FeatureDefinition feature = feature(node, online);
      if (!names.add(feature.name())) {
        throw invalid("the feature %s is defined twice", feature.name());
      }
      all.add(feature);
    }
    if (all.isEmpty() || all.size() > MAX_FEATURES) {
      throw invalid("a feature group has 1 to %d features, not %d", MAX_FEATURES, all.size());
    }
    return all;
  }

  private static FeatureDefinition feature(JsonNode node, Optional<StorageType> online) {
    String name = requireName(node.path("FeatureName").asText(""), "FeatureName");
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw invalid("the feature name %s is reserved", name);
    }
    FeatureType type =
        Arrays.stream(FeatureType.values())
            .filter(known -> known.word().equals(node.path("FeatureType").asText()))
            .findFirst()
            .orElseThrow(
                () -> invalid("the feature %s is not Integral, Fractional or String", name));
    String word = node.path("CollectionType").asText("");
    CollectionType collection =
        word.isEmpty()
            ? CollectionType.NONE
            : Arrays.stream(CollectionType.values())
                .filter(known -> known != CollectionType.NONE && known.word().equals(word))
                .findFirst()
                .orElseThrow(() -> invalid("%s is no collection type", word));
    if (collection != CollectionType.NONE && !online.equals(Optional.of(StorageType.IN_MEMORY))) {
      throw invalid("the collection %s needs an online store of type InMemory", name);
    }
    int dimension = node.path("CollectionConfig").path("VectorConfig").path("Dimension").asInt(0);
    boolean vector = collection == CollectionType.VECTOR;
    if (vector && (type != FeatureType.FRACTIONAL || dimension < 1 || dimension > MAX_DIMENSION)) {
      throw invalid("the vector %s is not Fractional with 1 to %d values", name, MAX_DIMENSION);
    }
    return new FeatureDefinition(name, type, collection, vector ? dimension : 0);
  }

  static String requireName(String name, String what) {
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw invalid(
          "%s '%s' is not 1 to 64 letters, digits, - and _, the first and last a letter or digit",
          what, name);
    }
    return name;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  static ServiceException invalid(String message, Object... values) {
    return new ServiceException(
        400, "ValidationException", "Validation Error: " + message.formatted(values));
  }
}
