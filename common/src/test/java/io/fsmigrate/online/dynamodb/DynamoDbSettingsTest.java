package io.fsmigrate.online.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.restraint.RateLimit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamoDbSettingsTest {
  private static DynamoDbSettings settings(Map<String, String> settings) {
    return DynamoDbSettings.of(new OnlineStoreDefinition("serving", "dynamodb", settings));
  }

  @Test
  void nothingIsNeeded() {
    DynamoDbSettings settings = settings(Map.of());

    assertThat(settings.table(DynamoDbTargets.of())).isEqualTo("flights-1.0.0");
    assertThat(settings.createTable()).isFalse();
    assertThat(settings.batchWrite()).isFalse();
    assertThat(settings.timeToLive()).isEmpty();
    assertThat(settings.rateLimit()).isEmpty();
    assertThat(settings.mostRecords()).isEqualTo(Integer.MAX_VALUE);
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.unavailableAfter()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> all = new HashMap<>();
    all.put("table", "{group}_v{version}");
    all.put("region", "eu-central-1");
    all.put("endpoint", "https://dynamodb.example.com");
    all.put("profile", "features");
    all.put("role-arn", "arn:aws:iam::123456789012:role/features");
    all.put("create-table", "true");
    all.put("billing", "on-demand");
    all.put("warm-write-units", "40000");
    all.put("batch-write", "auto");
    all.put("ttl", "30 days");
    all.put("rate-limit", "500 write-units/s");
    all.put("call-timeout", "3 seconds");
    all.put("unavailable-after", "10 seconds");
    DynamoDbSettings settings = settings(all);

    assertThat(settings.table(DynamoDbTargets.of())).isEqualTo("flights_v1.0.0");
    assertThat(settings.access().region()).isEqualTo("eu-central-1");
    assertThat(settings.access().profile()).isEqualTo("features");
    assertThat(settings.createTable()).isTrue();
    assertThat(settings.capacity().provisioned()).isEmpty();
    assertThat(settings.capacity().warmWriteUnits()).isEqualTo(OptionalLong.of(40_000));
    assertThat(settings.batchWrite()).isTrue();
    assertThat(settings.timeToLive()).contains(Duration.ofDays(30));
    assertThat(settings.rateLimit()).contains(new RateLimit(500, RateLimit.Unit.WRITE_UNITS));
    assertThat(settings.mostRecords()).isEqualTo(500);
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.unavailableAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aProvisionedTableHasUnits() {
    DynamoDbSettings settings =
        settings(
            Map.of(
                "create-table", "true",
                "billing", "provisioned",
                "read-units", "10",
                "write-units", "200"));

    assertThat(settings.capacity().provisioned()).contains(new DynamoDbSettings.Units(10, 200));
  }

  @Test
  void aTableCanBeAnotherAccounts() {
    String arn = "arn:aws:dynamodb:us-east-1:123456789012:table/flights";

    assertThat(settings(Map.of("table", arn)).table(DynamoDbTargets.of())).isEqualTo(arn);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch-write|always|write auto or never",
        "create-table|yes|write true or false",
        "billing|on-demand|set create-table = true as well",
        "warm-write-units|4000|set create-table = true as well",
        "endpoint|http://user:secret@host|write http:// or https:// and a host, no user",
        "rate-limit|fast|write a number and records/s or calls/s or write-units/s",
        "ttl|soon|write a whole number and seconds",
        "table|''|write a value, or leave it out"
      })
  void whatCannotBeUsedIsRefused(String key, String value, String need) {
    assertThatThrownBy(() -> settings(Map.of(key, value)))
        .hasMessageContaining("online store serving")
        .hasMessageContaining(key)
        .hasMessageContaining(need)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "provisioned, read-units, 5, the setting write-units is missing",
    "provisioned, warm-write-units, 5, set billing = on-demand",
    "on-demand, write-units, 5, set billing = provisioned",
    "on-demand, warm-write-units, many, write a whole number",
    "free, ttl, 1 day, write on-demand or provisioned"
  })
  void capacityIsThatOfItsBilling(String billing, String key, String value, String need) {
    assertThatThrownBy(
            () -> settings(Map.of("create-table", "true", "billing", billing, key, value)))
        .hasMessageContaining(need);
  }

  @ParameterizedTest
  @CsvSource({"a, a", "{group} flights, flights flights", "tables/{group}, tables/flights"})
  void aNameThatNoTableCanHaveIsRefused(String table, String name) {
    assertThatThrownBy(() -> settings(Map.of("table", table)).table(DynamoDbTargets.of()))
        .hasMessageContaining("cannot use table = " + name)
        .hasMessageContaining("3 to 255 letters");
  }

  @Test
  void anUnknownKeyIsRefused() {
    assertThatThrownBy(() -> settings(Map.of("tabel", "x")))
        .hasMessageContaining("there is no setting tabel")
        .hasMessageContaining("table");
  }
}
