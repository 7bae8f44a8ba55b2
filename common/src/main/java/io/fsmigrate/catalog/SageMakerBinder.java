package io.fsmigrate.catalog;

import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads section {@code sagemaker}; every key but those of the account has its default. */
final class SageMakerBinder {
  private static final long MOST = 1_000_000_000;

  private SageMakerBinder() {}

  static SageMakerSettings bind(Section section) {
    Optional<Section> athena = section.require("athena", section.section("athena"));
    Optional<Section> limits = section.require("limits", section.section("limits"));
    Optional<Section> prices = section.require("prices", section.section("prices"));
    SageMakerSettings settings =
        new SageMakerSettings(
            access(section),
            choice(section, "shape", SageMakerSettings.Shape.class, SageMakerSettings.Shape.AUTO),
            choice(section, "read", SageMakerSettings.Read.class, SageMakerSettings.Read.AUTO),
            scheme(section),
            athena.map(SageMakerBinder::athena).orElse(null),
            limits.map(SageMakerBinder::limits).orElse(null),
            prices.map(SageMakerBinder::prices).orElse(null));
    Stream.of(athena, limits, prices).flatMap(Optional::stream).forEach(Section::finish);
    section.finish();
    return settings;
  }

  private static AwsAccess access(Section section) {
    return new AwsAccess(
        section.string("region").orElse(null),
        section.string("endpoint").orElse(null),
        section.string("profile").orElse(null),
        section.string("role-arn").orElse(null));
  }

  private static SageMakerSettings.Athena athena(Section athena) {
    return new SageMakerSettings.Athena(
        athena.requiredString("work-group").orElse(""),
        location(athena, "output-location"),
        location(athena, "unload-location"));
  }

  private static Optional<String> location(Section athena, String key) {
    Optional<String> location = athena.string(key);
    if (location.isPresent() && !location.get().matches("s3://[^/]+(/.*)?")) {
      athena.report("INVALID_VALUE", key, "must be of the form s3://BUCKET/PREFIX");
    }
    return location;
  }

  private static SageMakerSettings.ServiceLimits limits(Section limits) {
    return new SageMakerSettings.ServiceLimits(
        limits.number("calls-per-second", 1, MOST),
        limits.number("write-units-per-second", 1, MOST),
        amount(limits, "call-millis"));
  }

  private static SageMakerSettings.Prices prices(Section prices) {
    return new SageMakerSettings.Prices(
        amount(prices, "million-write-units"),
        amount(prices, "million-read-units"),
        amount(prices, "scanned-tebibyte"));
  }

  private static double amount(Section section, String key) {
    Optional<String> text = section.requiredString(key);
    if (text.isPresent() && !text.get().matches("\\d{1,9}(\\.\\d{1,9})?")) {
      section.report("WRONG_TYPE", key, "must be a number, 0 or more");
      return 0;
    }
    return text.map(Double::parseDouble).orElse(0.0);
  }

  private static String scheme(Section section) {
    String scheme = section.requiredString("s3-scheme").orElse("");
    if (!scheme.isEmpty() && !scheme.matches("[a-z][a-z0-9]*")) {
      section.report("INVALID_VALUE", "s3-scheme", "must be a scheme such as s3a or s3");
    }
    return scheme;
  }

  private static <E extends Enum<E>> E choice(
      Section section, String key, Class<E> type, E fallback) {
    Optional<String> text = section.requiredString(key);
    List<String> names =
        Stream.of(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    if (text.isPresent() && !names.contains(text.get())) {
      section.report("INVALID_VALUE", key, "must be one of %s".formatted(String.join(", ", names)));
      return fallback;
    }
    return text.map(t -> Enum.valueOf(type, t.toUpperCase(Locale.ROOT))).orElse(fallback);
  }
}
