package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OnlineStoreDefinitionTest {
  @Test
  void printsNoSecret() {
    OnlineStoreDefinition store =
        new OnlineStoreDefinition(
            "online",
            "jdbc",
            Map.of(
                "url", "jdbc:postgresql://joe:hush@db/x?sslpassword=hush&ssl=true",
                "user", "joe",
                "Password", "hush",
                "aws.secret-key", "hush"));

    assertThat(store.toString())
        .contains("user=joe", "db/x", "ssl=true", "Password=***", "aws.secret-key=***")
        .doesNotContain("hush");
    assertThat(store.settings()).containsEntry("Password", "hush");
  }
}
