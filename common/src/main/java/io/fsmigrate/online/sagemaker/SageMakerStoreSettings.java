package io.fsmigrate.online.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.restraint.RateLimit;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.WriteEstimate;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The settings of an online store of type {@code sagemaker}.
 *
 * @param store the store's name in the catalog
 * @param access settings {@code region}, {@code endpoint}, {@code profile} and {@code role-arn}
 * @param featureGroup setting {@code feature-group}: the physical group's name or ARN, with {@code
 *     {group}} and {@code {version}} to be filled in
 * @param rateLimit setting {@code rate-limit}; empty for none
 * @param batchWrite setting {@code batch-write}: whether BatchWriteRecord is tried
 * @param targetStores setting {@code target-stores}: {@code online}, {@code offline} or both
 * @param timeToLive setting {@code ttl}; empty for the group's own
 * @param callTimeout setting {@code call-timeout}
 * @param unavailableAfter setting {@code unavailable-after}: how long to go on without any success
 * @param inPlace setting {@code in-place}: whether features may be added to a group and its records
 */
record SageMakerStoreSettings(
    String store,
    AwsAccess access,
    NameTemplate featureGroup,
    Optional<RateLimit> rateLimit,
    boolean batchWrite,
    Set<String> targetStores,
    Optional<SpanOfTime> timeToLive,
    Duration callTimeout,
    Duration unavailableAfter,
    boolean inPlace) {
  static final String FEATURE_GROUP = "feature-group";
  static final String RATE_LIMIT = "rate-limit";
  static final String BATCH_WRITE = "batch-write";
  static final String TARGET_STORES = "target-stores";
  static final String TTL = "ttl";
  static final String CALL_TIMEOUT = "call-timeout";
  static final String UNAVAILABLE_AFTER = "unavailable-after";
  static final String IN_PLACE = "in-place";

  static final String DEFAULT_FEATURE_GROUP = "{group}";
  static final String DEFAULT_CALL_TIMEOUT = "10 seconds";
  static final String DEFAULT_UNAVAILABLE_AFTER = "2 minutes";

  private static final String ONLINE = "online";
  private static final String OFFLINE = "offline";
  private static final String ENDPOINT = "endpoint";
  private static final String AUTO = "auto";
  private static final String NEVER = "never";
  private static final Set<String> KEYS = keys();

  private static final Pattern GROUP_NAME =
      Pattern.compile(
          "(arn:[a-z0-9-]+:sagemaker:[a-z0-9-]*:\\d{12}:feature-group/)?[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");

  static SageMakerStoreSettings of(OnlineStoreDefinition definition) {
    StoreSettings settings = StoreSettings.of(definition, KEYS);
    Reader reader = new Reader(settings);
    reader.requireUrl();
    return new SageMakerStoreSettings(
        definition.name(),
        AwsAccess.of(definition.settings()),
        settings.name(FEATURE_GROUP, DEFAULT_FEATURE_GROUP),
        settings.rateLimit(RATE_LIMIT, EnumSet.allOf(RateLimit.Unit.class)),
        reader.isAuto(BATCH_WRITE),
        reader.targetStores(),
        settings.span(TTL),
        settings.spanOr(CALL_TIMEOUT, DEFAULT_CALL_TIMEOUT).duration(),
        settings.spanOr(UNAVAILABLE_AFTER, DEFAULT_UNAVAILABLE_AFTER).duration(),
        reader.isAuto(IN_PLACE));
  }

  /** Whether the newest records are served by the group. */
  boolean writesOnline() {
    return targetStores.contains(ONLINE);
  }

  /** Whether all rows go into the group's history. */
  boolean writesOffline() {
    return targetStores.contains(OFFLINE);
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>(AwsAccess.KEYS);
    keys.addAll(
        Set.of(
            FEATURE_GROUP,
            RATE_LIMIT,
            BATCH_WRITE,
            TARGET_STORES,
            TTL,
            CALL_TIMEOUT,
            UNAVAILABLE_AFTER,
            IN_PLACE));
    return keys;
  }

  /**
   * The physical group of a target.
   *
   * @throws FsMigrateException INVALID_STORE_SETTING where the name is none that SageMaker allows
   */
  String group(VersionedGroup target) {
    String name = featureGroup.of(target, version -> version.replaceAll("[^a-zA-Z0-9_-]", "-"));
    if (!GROUP_NAME.matcher(name).matches()) {
      throw OnlineErrors.invalidSetting(
          store,
          FEATURE_GROUP,
          name,
          "write up to 64 letters, digits, _ and -, no - or _ in front, with {group} and {version}"
              + " where they belong, or an ARN");
    }
    return name;
  }

  /**
   * The rate limit in records a second.
   *
   * @param recordBytes of one record
   */
  OptionalDouble recordsPerSecond(long recordBytes) {
    if (rateLimit.isEmpty()) {
      return OptionalDouble.empty();
    }
    int recordsPerCall = batchWrite ? BatchWriteRecordCall.MOST_ENTRIES : 1;
    double limit = rateLimit.get().perSecond();
    return OptionalDouble.of(
        switch (rateLimit.get().unit()) {
          case RECORDS -> limit;
          case CALLS -> limit * recordsPerCall;
          case WRITE_UNITS -> limit / WriteEstimate.writeUnits(recordBytes);
        });
  }

  private record Reader(StoreSettings settings) {
    boolean isAuto(String key) {
      String text = settings.text(key).orElse(AUTO);
      return switch (text) {
        case AUTO -> true;
        case NEVER -> false;
        default -> throw settings.invalid(key, text, "write auto or never");
      };
    }

    Set<String> targetStores() {
      String text = settings.text(TARGET_STORES).orElse(ONLINE);
      Set<String> stores = new TreeSet<>(Arrays.asList(text.replaceAll("\\s", "").split(",")));
      if (!Set.of(ONLINE, OFFLINE).containsAll(stores)) {
        throw settings.invalid(TARGET_STORES, text, "write online, offline or \"online,offline\"");
      }
      return stores;
    }

    void requireUrl() {
      if (!settings.text(ENDPOINT).map(AwsAccess::isEndpoint).orElse(true)) {
        throw settings.invalid(
            ENDPOINT, "(not shown)", "write http:// or https:// and a host, no user");
      }
    }
  }
}
