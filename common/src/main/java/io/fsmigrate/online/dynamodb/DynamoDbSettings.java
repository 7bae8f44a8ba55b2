package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.restraint.RateLimit;
import io.fsmigrate.sagemaker.AwsAccess;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The settings of an online store of type {@code dynamodb}.
 *
 * @param store the store's name in the catalog
 * @param access settings {@code region}, {@code endpoint}, {@code profile} and {@code role-arn}
 * @param table setting {@code table}: name or ARN, {@code {group}} and {@code {version}} to be
 *     filled in
 * @param servingTable setting {@code serving-table}: has the pointers that say what is served
 * @param createTable setting {@code create-table}: whether a missing table is made
 * @param capacity settings {@code billing}, {@code read-units}, {@code write-units} and {@code
 *     warm-write-units} of a table that is made
 * @param batchWrite setting {@code batch-write}: whether an empty table is written without
 *     comparing
 * @param timeToLive setting {@code ttl}; empty for ever
 * @param rateLimit setting {@code rate-limit}; empty for none
 * @param callTimeout setting {@code call-timeout}
 * @param unavailableAfter setting {@code unavailable-after}: how long to go on without any success
 */
record DynamoDbSettings(
    String store,
    AwsAccess access,
    NameTemplate table,
    String servingTable,
    boolean createTable,
    Capacity capacity,
    boolean batchWrite,
    Optional<Duration> timeToLive,
    Optional<RateLimit> rateLimit,
    Duration callTimeout,
    Duration unavailableAfter) {
  static final String TABLE = "table";
  static final String SERVING_TABLE = "serving-table";
  static final String CREATE_TABLE = "create-table";
  static final String BILLING = "billing";
  static final String READ_UNITS = "read-units";
  static final String WRITE_UNITS = "write-units";
  static final String WARM_WRITE_UNITS = "warm-write-units";
  static final String BATCH_WRITE = "batch-write";
  static final String TTL = "ttl";
  static final String RATE_LIMIT = "rate-limit";
  static final String CALL_TIMEOUT = "call-timeout";
  static final String UNAVAILABLE_AFTER = "unavailable-after";

  static final String DEFAULT_TABLE = "{group}-{version}";
  static final String DEFAULT_SERVING_TABLE = "fs-migrate-serving";

  private static final String ENDPOINT = "endpoint";
  private static final String ON_DEMAND = "on-demand";
  private static final String PROVISIONED = "provisioned";
  private static final String AUTO = "auto";
  private static final String NEVER = "never";
  private static final String DEFAULT_CALL_TIMEOUT = "10 seconds";
  private static final String DEFAULT_UNAVAILABLE_AFTER = "2 minutes";

  private static final Pattern TABLE_NAME =
      Pattern.compile("(arn:[a-z0-9-]+:dynamodb:[a-z0-9-]*:\\d{12}:table/)?[a-zA-Z0-9_.-]{3,255}");

  private static final Set<String> KEYS = keys();

  /**
   * What a table that is made can take.
   *
   * @param provisioned its units a second; empty for on-demand
   * @param warmWriteUnits write units a second that an on-demand table can take from the start;
   *     empty for the service's own
   */
  record Capacity(Optional<Units> provisioned, OptionalLong warmWriteUnits) {}

  /** Units a second of a provisioned table. */
  record Units(long read, long write) {}

  /**
   * What a definition says.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, MISSING_STORE_SETTING,
   *     INVALID_STORE_SETTING
   */
  static DynamoDbSettings of(OnlineStoreDefinition definition) {
    StoreSettings settings = StoreSettings.of(definition, KEYS);
    Reader reader = new Reader(settings);
    reader.requireUrl();
    boolean createTable = settings.flag(CREATE_TABLE, false);
    if (!createTable) {
      settings.requireAbsent(
          Set.of(BILLING, READ_UNITS, WRITE_UNITS, WARM_WRITE_UNITS),
          "set create-table = true as well, since it is for a table that is made");
    }
    return new DynamoDbSettings(
        definition.name(),
        AwsAccess.of(definition.settings()),
        settings.name(TABLE, DEFAULT_TABLE),
        reader.servingTable(),
        createTable,
        reader.capacity(),
        reader.isAuto(),
        settings.span(TTL).map(SpanOfTime::duration),
        settings.rateLimit(RATE_LIMIT, EnumSet.allOf(RateLimit.Unit.class)),
        settings.spanOr(CALL_TIMEOUT, DEFAULT_CALL_TIMEOUT).duration(),
        settings.spanOr(UNAVAILABLE_AFTER, DEFAULT_UNAVAILABLE_AFTER).duration());
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>(AwsAccess.KEYS);
    keys.addAll(
        Set.of(
            TABLE,
            SERVING_TABLE,
            CREATE_TABLE,
            BILLING,
            READ_UNITS,
            WRITE_UNITS,
            WARM_WRITE_UNITS,
            BATCH_WRITE,
            TTL,
            RATE_LIMIT,
            CALL_TIMEOUT,
            UNAVAILABLE_AFTER));
    return keys;
  }

  /**
   * The table of a target.
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_STORE_SETTING where the name is none that
   *     DynamoDB allows
   */
  String table(VersionedGroup target) {
    String name = table.of(target, version -> version.replaceAll("[^a-zA-Z0-9_.-]", "-"));
    if (!TABLE_NAME.matcher(name).matches()) {
      throw OnlineErrors.invalidSetting(
          store,
          TABLE,
          name,
          "write 3 to 255 letters, digits, _, . and -, with {group} and {version} where they"
              + " belong, or an ARN");
    }
    return name;
  }

  /**
   * The most records of one call: one that costs more than a second's worth holds up all others.
   */
  int mostRecords() {
    return rateLimit
        .filter(limit -> limit.unit() != RateLimit.Unit.CALLS)
        .map(limit -> (int) Math.max(1, Math.min(limit.perSecond(), Integer.MAX_VALUE)))
        .orElse(Integer.MAX_VALUE);
  }

  private record Reader(StoreSettings settings) {
    String servingTable() {
      String name = settings.text(SERVING_TABLE).orElse(DEFAULT_SERVING_TABLE);
      if (!TABLE_NAME.matcher(name).matches()) {
        throw settings.invalid(
            SERVING_TABLE, name, "write 3 to 255 letters, digits, _, . and -, or an ARN");
      }
      return name;
    }

    boolean isAuto() {
      String text = settings.text(BATCH_WRITE).orElse(NEVER);
      return switch (text) {
        case AUTO -> true;
        case NEVER -> false;
        default -> throw settings.invalid(BATCH_WRITE, text, "write auto or never");
      };
    }

    Capacity capacity() {
      String billing = settings.text(BILLING).orElse(ON_DEMAND);
      return switch (billing) {
        case ON_DEMAND -> {
          settings.requireAbsent(
              Set.of(READ_UNITS, WRITE_UNITS), "set billing = provisioned, or leave it out");
          yield new Capacity(
              Optional.empty(),
              settings.text(WARM_WRITE_UNITS).isPresent()
                  ? OptionalLong.of(units(WARM_WRITE_UNITS))
                  : OptionalLong.empty());
        }
        case PROVISIONED -> {
          settings.requireAbsent(
              Set.of(WARM_WRITE_UNITS), "set billing = on-demand, or leave it out");
          yield new Capacity(
              Optional.of(new Units(units(READ_UNITS), units(WRITE_UNITS))), OptionalLong.empty());
        }
        default -> throw settings.invalid(BILLING, billing, "write on-demand or provisioned");
      };
    }

    private long units(String key) {
      String text = settings.required(key, "a number of units a second");
      if (!text.matches("[1-9]\\d{0,9}")) {
        throw settings.invalid(key, text, "write a whole number of units a second");
      }
      return Long.parseLong(text);
    }

    void requireUrl() {
      if (!settings.text(ENDPOINT).map(AwsAccess::isEndpoint).orElse(true)) {
        throw settings.invalid(
            ENDPOINT, "(not shown)", "write http:// or https:// and a host, no user");
      }
    }
  }
}
