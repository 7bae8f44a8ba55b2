package io.fsmigrate.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server on a port of this machine, with data that outlive a restart. The user
 * {@code postgres} needs no password; every other one does.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Map<String, String> configuration;
  private final AtomicBoolean closed = new AtomicBoolean();
  private EmbeddedPostgres server;
  private int port;

  private PostgresServer(Path directory, Map<String, String> configuration) {
    this.directory = directory;
    this.configuration = Map.copyOf(configuration);
  }

  /**
   * Starts it; it ends with this JVM at the latest.
   *
   * @param configuration as in postgresql.conf
   */
  public static PostgresServer start(Map<String, String> configuration) {
    try {
      PostgresServer server =
          new PostgresServer(Files.createTempDirectory("fs-migrate-postgres"), configuration);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      server.start();
      Files.writeString(
          server.data().resolve("pg_hba.conf"),
          """
          host all postgres samehost trust
          host all all samehost scram-sha-256
          """);
      server.execute("SELECT pg_reload_conf()");
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again on the same port, with the data it had. */
  public void start() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data())
            .setCleanDataDirectory(false)
            // One hook that ends the server and then removes its files is enough.
            .setRegisterShutdownHook(false)
            .setPGStartupWait(PATIENCE);
    configuration.forEach(builder::setServerConfig);
    if (port > 0) {
      builder.setPort(port);
    }
    try {
      server = builder.start();
      port = server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as a shutdown does: connections are cut. */
  public void stop() {
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** The address of a database, without a user. */
  public String url(String database) {
    return "jdbc:postgresql://localhost:%d/%s".formatted(port, database);
  }

  /** A connection of the user that may do everything. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database) + "?user=postgres");
  }

  /** Executes statements in the database {@code postgres}, as the user that may do everything. */
  public void execute(String... statements) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows of a query there: columns as text between bars, binary in hexadecimal. */
  public List<String> rows(String query) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          columns.add(
              result.getObject(i) instanceof byte[] bytes
                  ? HexFormat.of().formatHex(bytes)
                  : result.getString(i));
        }
        rows.add(String.join("|", columns.stream().map(String::valueOf).toList()));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stop();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }
}
