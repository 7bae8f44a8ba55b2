package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.testkit.RedisProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that encrypts, with a certificate that the JDK's own keytool has made. */
class RedisTlsTest {
  private static final VersionedGroup TARGET = RedisTargets.of("v", "int");
  private static final String SECRET = "key-store-secret";

  @TempDir private static Path directory;

  private static RedisProcess redis;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    certificate("server", "ip:127.0.0.1");
    certificate("other", "dns:redis.example.com");
    port = freePort();
    redis =
        RedisProcess.start(
            "tls-port " + port,
            "tls-cert-file " + directory.resolve("server.pem"),
            "tls-key-file " + directory.resolve("server.key"),
            "tls-ca-cert-file " + directory.resolve("server.pem"),
            "tls-auth-clients no",
            "requirepass hidden");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static OnlineStore store(String... settings) {
    String[] all = {
      "nodes",
      "127.0.0.1:" + port,
      "password",
      "hidden",
      "tls",
      "true",
      "unavailable-after",
      "2 seconds"
    };
    String[] both = Arrays.copyOf(all, all.length + settings.length);
    System.arraycopy(settings, 0, both, all.length, settings.length);
    return RedisTargets.store(redis, both);
  }

  @Test
  void recordsAreWrittenEncrypted() {
    OnlineStore store = store("tls-ca-file", directory.resolve("server.pem").toString());
    store.check(TARGET, false);
    OnlineRecord[] many =
        IntStream.range(0, 2_000)
            .mapToObj(i -> RedisTargets.record("k" + i, i))
            .toArray(OnlineRecord[]::new);

    assertThat(RedisTargets.writeAll(store, TARGET, many).written()).isEqualTo(2_000);
    assertThat(store.count(TARGET)).hasValue(2_000);
    assertThat(RedisTargets.read(store, TARGET, "k7")).containsExactly(many[7]);
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() {
    assertRefused(store());
    assertRefused(store("tls-ca-file", directory.resolve("other.pem").toString()));
    assertRefused(store("tls-ca-file", directory.resolve("no-such-file.pem").toString()));
  }

  @Test
  void aCertificateOfAnotherNameIsRefused() {
    // "localhost" is the same server, and not the name in its certificate.
    assertRefused(
        store(
            "nodes",
            "localhost:" + port,
            "tls-ca-file",
            directory.resolve("server.pem").toString()));
  }

  private static void assertRefused(OnlineStore store) {
    assertThatThrownBy(() -> store.check(TARGET, false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REDIS_TLS_FAILED"))
        .hasMessageContaining("certificate");
  }

  /** Makes NAME.pem and NAME.key. */
  private static void certificate(String name, String alternative) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + alternative,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                SECRET)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), SECRET.toCharArray());
    pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    pem(name + ".key", "PRIVATE KEY", keys.getKey(name, SECRET.toCharArray()).getEncoded());
  }

  private static void pem(String file, String kind, byte[] content) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(content)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
