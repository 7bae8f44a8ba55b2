package io.fsmigrate.online;

import io.fsmigrate.online.dynamodb.DynamoDbOnlineStore;
import io.fsmigrate.online.postgresql.PostgresOnlineStore;
import io.fsmigrate.online.redis.RedisOnlineStore;
import io.fsmigrate.online.sagemaker.SageMakerOnlineStore;
import io.fsmigrate.online.sqlite.SqliteOnlineStore;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes online stores from their definitions, in any JVM that has one. */
public final class OnlineStores {
  private static final Map<String, Function<OnlineStoreDefinition, OnlineStore>> TYPES =
      new TreeMap<>(
          Map.of(
              "dynamodb", DynamoDbOnlineStore::of,
              "postgresql", PostgresOnlineStore::of,
              "redis", RedisOnlineStore::of,
              "sagemaker", SageMakerOnlineStore::of,
              "sqlite", SqliteOnlineStore::of));

  private OnlineStores() {}

  /**
   * The store; nothing is opened or created yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException when the type or a setting is unknown, missing or
   *     not usable
   */
  public static OnlineStore of(OnlineStoreDefinition definition) {
    Function<OnlineStoreDefinition, OnlineStore> type = TYPES.get(definition.type());
    if (type == null) {
      throw OnlineErrors.unknownType(definition.name(), definition.type(), types());
    }
    return type.apply(definition);
  }

  /** The known types, in the order of their names. */
  public static Set<String> types() {
    return Collections.unmodifiableSet(TYPES.keySet());
  }
}
