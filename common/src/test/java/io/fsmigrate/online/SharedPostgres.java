package io.fsmigrate.online;

import io.fsmigrate.testkit.PostgresServer;
import java.util.HashMap;
import java.util.Map;

/** One server for the tests of a JVM that leave it as it was. */
public final class SharedPostgres {
  /** Of the user {@code writer}, who owns the schema {@code features} and nothing else. */
  public static final String PASSWORD = "a secret of the writer";

  private static final String SCHEMA = "features";

  private SharedPostgres() {}

  /** The server, started at the first call. */
  public static PostgresServer server() {
    return Holder.SERVER;
  }

  /** Forgets all tables. */
  public static void emptySchema() {
    server()
        .execute(
            "DROP SCHEMA IF EXISTS features CASCADE",
            "CREATE SCHEMA features AUTHORIZATION writer");
  }

  /** A store in that schema. */
  public static OnlineStore store(Map<String, String> more) {
    return OnlineStores.of(definition(server(), more));
  }

  /** Its definition, on any server that has the user and the schema. */
  public static OnlineStoreDefinition definition(PostgresServer server, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("url", server.url("postgres"));
    settings.put("user", "writer");
    settings.put("password", PASSWORD);
    settings.put("schema", SCHEMA);
    settings.put("table", "{group}");
    settings.put("unavailable-after", "3 seconds");
    settings.putAll(more);
    return new OnlineStoreDefinition("serving", "postgresql", settings);
  }

  /** A server of a test's own, with the same user and schema. */
  public static PostgresServer start(Map<String, String> configuration) {
    PostgresServer server = PostgresServer.start(configuration);
    server.execute(
        "CREATE USER writer PASSWORD '%s'".formatted(PASSWORD),
        "CREATE SCHEMA features AUTHORIZATION writer");
    return server;
  }

  private static final class Holder {
    private static final PostgresServer SERVER = SharedPostgres.start(Map.of());
  }
}
