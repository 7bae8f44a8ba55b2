package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.Password;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.HostAndPort;

class RedisSettingsTest {
  @Test
  void onlyTheServerIsNeeded() {
    RedisSettings settings = settings(Map.of());

    assertThat(settings.access().nodes()).containsExactly(new HostAndPort("redis", 6379));
    assertThat(settings.access().cluster()).isFalse();
    assertThat(settings.access().tls()).isFalse();
    assertThat(settings.access().password()).isEmpty();
    assertThat(settings.access().callTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.unavailableAfter()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.layout()).isEqualTo(RedisSettings.Layout.HASH);
    assertThat(settings.keyPrefix().text()).isEqualTo("{group}@{version}:");
    assertThat(settings.timeToLive()).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    RedisSettings settings =
        settings(
            Map.of(
                "nodes", "a.example.com:7000, [::1]:7001",
                "cluster", "true",
                "user", "writer",
                "tls", "true",
                "ttl", "30 days",
                "rate-limit", "5000 records/s",
                "connect-timeout", "1 second",
                "unavailable-after", "10 seconds",
                "key-prefix", "serving:{group}:"));

    assertThat(settings.access().nodes())
        .containsExactly(new HostAndPort("a.example.com", 7000), new HostAndPort("[::1]", 7001));
    assertThat(settings.access().user()).contains("writer");
    assertThat(settings.timeToLive()).contains(Duration.ofDays(30));
    assertThat(settings.rateLimit()).contains(new RateLimit(5000, RateLimit.Unit.RECORDS));
    assertThat(settings.access().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.keyPrefix().text()).isEqualTo("serving:{group}:");
  }

  @Test
  void namesOfFeastAreRead() {
    RedisSettings settings =
        settings(
            Map.of("layout", "feast", "project", "air", "entity", "route", "entity-type", "int64"));

    assertThat(settings.feast())
        .hasValueSatisfying(
            feast -> {
              assertThat(feast.view().text()).isEqualTo("{group}");
              assertThat(feast.entity()).contains("route");
              assertThat(feast.entityType()).contains(FeastType.INT64);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "nodes, redis, write HOST:PORT",
    "nodes, 'a:1,b:2', set cluster = true",
    "nodes, 'redis:70000', write HOST:PORT",
    "cluster, yes, write true or false",
    "database, -1, 'a whole number, 0 or more'",
    "layout, json, write hash or feast",
    "layout, feast, ''",
    "key-prefix, flights, ends with a colon",
    "project, air, set layout = feast",
    "ttl, soon, write a whole number and seconds",
    "rate-limit, 5 write-units/s, write a number and records/s or calls/s",
    "rate-limit, fast, write a number and records/s or calls/s",
    "password, '', set the environment variable",
    "user, ' ', 'write a value, or leave it out'",
    "tls-ca-file, ca.pem, set it to true",
  })
  void whatCannotBeUsedIsToldWithWhatToWrite(String key, String value, String hint) {
    assertThatThrownBy(() -> settings(Map.of(key, value)))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("serving")
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @CsvSource({
    "key-prefix, 'a:', leave it out: Feast",
    "entity-type, double, 'write string, bytes, int32, int64'",
  })
  void feastHasKeysOfItsOwn(String key, String value, String hint) {
    assertThatThrownBy(() -> settings(Map.of("layout", "feast", "project", "air", key, value)))
        .hasMessageContaining(hint);
  }

  @Test
  void aClusterHasOneDatabase() {
    assertThatThrownBy(() -> settings(Map.of("cluster", "true", "database", "1")))
        .hasMessageContaining("a cluster has database 0 only");
  }

  @Test
  void noTextOfItShowsThePassword(@TempDir Path directory) throws Exception {
    OnlineStoreDefinition definition = definition(Map.of("password", "s3cret!", "user", "writer"));

    assertThat(RedisSettings.of(definition).toString()).contains("writer").doesNotContain("s3cret");
    assertThat(definition.toString()).doesNotContain("s3cret");
    assertThatThrownBy(() -> settings(Map.of("nodes", "redis://writer:s3cret!@host:6379")))
        .hasMessageContaining("(not shown)")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    assertThat(
            RedisSettings.of(definition)
                .access()
                .withoutSecret("ERR unknown command `AUTH`, with args beginning with: `s3cret!`"))
        .doesNotContain("s3cret")
        .contains("unknown command");
    Path file = Files.writeString(directory.resolve("password"), "s3cret!\n");
    Password inFile = settings(Map.of("password-file", file.toString())).access().password().get();
    assertThat(inFile.read()).isEqualTo("s3cret!");
    assertThat(inFile.toString()).doesNotContain("s3cret").contains("password");
    assertThatThrownBy(
            () -> settings(Map.of("password-file", file.toString(), "password", "s3cret!")))
        .hasMessageContaining("not both")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
  }

  @Test
  void anUnknownKeyListsTheKnownOnes() {
    assertThatThrownBy(() -> settings(Map.of("host", "redis")))
        .hasMessageContaining("there is no setting host")
        .hasMessageContaining("nodes");
  }

  private static RedisSettings settings(Map<String, String> more) {
    return RedisSettings.of(definition(more));
  }

  private static OnlineStoreDefinition definition(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(Map.of("nodes", "redis:6379"));
    all.putAll(more);
    return new OnlineStoreDefinition("serving", "redis", all);
  }
}
