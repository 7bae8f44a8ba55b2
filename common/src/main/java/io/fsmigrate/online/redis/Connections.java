package io.fsmigrate.online.redis;

import io.fsmigrate.online.Password;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

/** Opens connections to servers of one store. */
final class Connections {
  private final RedisSettings settings;

  Connections(RedisSettings settings) {
    this.settings = settings;
  }

  RedisSettings settings() {
    return settings;
  }

  /**
   * Opens one.
   *
   * @throws RedisFault when the server cannot be reached or does not let us in
   * @throws io.fsmigrate.error.FsMigrateException REDIS_PASSWORD_UNREADABLE, REDIS_TLS_FAILED where
   *     a file cannot be read
   */
  RedisConnection open(HostAndPort node) {
    RedisAccess access = settings.access();
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .database(access.database())
            .connectionTimeoutMillis(millis(access.connectTimeout()))
            .socketTimeoutMillis(millis(access.callTimeout()))
            .ssl(access.tls());
    access.password().ifPresent(password -> config.password(read(password)));
    access.user().ifPresent(config::user);
    if (access.tls()) {
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      config.sslParameters(parameters);
      access.tlsCa().ifPresent(ca -> config.sslSocketFactory(trusting(ca)));
    }
    return RedisConnection.open(node, access, config.build());
  }

  private String read(Password password) {
    try {
      return password.read();
    } catch (IOException e) {
      throw RedisErrors.passwordUnreadable(
          settings, String.valueOf(password.file().orElseThrow()), e.getClass().getSimpleName());
    }
  }

  /** Trusts who is signed by one of the certificates in a PEM file, and nobody else. */
  private SSLSocketFactory trusting(Path ca) {
    try (InputStream in = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw RedisErrors.tls(
          settings,
          "%s cannot be read as certificates (%s)".formatted(ca, e.getClass().getSimpleName()));
    }
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }
}
