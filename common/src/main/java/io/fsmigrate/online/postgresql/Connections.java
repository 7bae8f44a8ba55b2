package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.Password;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens connections to a store's server. */
final class Connections {
  private final PostgresSettings settings;

  Connections(PostgresSettings settings) {
    this.settings = settings;
  }

  /** A connection, or the failure at once. */
  Connection open() throws SQLException {
    Properties properties = new Properties();
    settings.parameters().forEach(properties::setProperty);
    settings.user().ifPresent(user -> PGProperty.USER.set(properties, user));
    settings.password().ifPresent(p -> PGProperty.PASSWORD.set(properties, read(p)));
    int connect = (int) settings.connectTimeout().toSeconds();
    PGProperty.CONNECT_TIMEOUT.set(properties, connect);
    // That of the driver ends when the address answers; this one when the login is done.
    PGProperty.LOGIN_TIMEOUT.set(properties, connect);
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) settings.callTimeout().toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.APPLICATION_NAME.set(properties, "fs-migrate");
    // Statements that the server remembers are lost behind a pool that changes servers.
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    Connection connection = new Driver().connect(settings.url(), properties);
    if (connection == null) {
      throw new SQLException("The driver does not know " + settings.place(), "08001");
    }
    return connection;
  }

  private String read(Password password) {
    try {
      return password.read();
    } catch (IOException e) {
      throw PostgresErrors.passwordUnreadable(settings.store(), password.file().orElseThrow(), e);
    }
  }

  /**
   * The same, trying again for a while where the server is there and has no place, or is starting.
   */
  Connection openPatiently() throws SQLException {
    Patience patience = new Patience(settings.unavailableAfter());
    while (true) {
      try {
        return open();
      } catch (SQLException e) {
        boolean busy = Fault.of(e) == Fault.TOO_MANY_CONNECTIONS || "57P03".equals(e.getSQLState());
        if (!busy || !patience.bears(System.nanoTime())) {
          throw e;
        }
        patience.pause();
      }
    }
  }
}
