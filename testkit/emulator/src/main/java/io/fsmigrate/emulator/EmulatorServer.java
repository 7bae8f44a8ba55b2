package io.fsmigrate.emulator;

import io.fsmigrate.emulator.admin.AdminEndpoint;
import io.fsmigrate.emulator.athena.Athena;
import io.fsmigrate.emulator.auth.Credentials;
import io.fsmigrate.emulator.auth.SignatureVerifier;
import io.fsmigrate.emulator.fault.Faults;
import io.fsmigrate.emulator.group.ControlPlane;
import io.fsmigrate.emulator.group.GroupRegistry;
import io.fsmigrate.emulator.http.HttpServer;
import io.fsmigrate.emulator.observe.CallLog;
import io.fsmigrate.emulator.observe.Stats;
import io.fsmigrate.emulator.offline.Database;
import io.fsmigrate.emulator.offline.OfflineBuffer;
import io.fsmigrate.emulator.offline.OfflineWriter;
import io.fsmigrate.emulator.record.EmulatorClock;
import io.fsmigrate.emulator.record.FeatureStoreRuntime;
import io.fsmigrate.emulator.s3.ObjectStore;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A running emulator of Feature Store, Athena and S3. */
public final class EmulatorServer implements AutoCloseable {
  private final EmulatorOptions options;
  private final Deque<AutoCloseable> parts;
  private final int port;
  private final int s3Port;

  private EmulatorServer(
      EmulatorOptions options, Deque<AutoCloseable> parts, int port, int s3Port) {
    this.options = options;
    this.parts = parts;
    this.port = port;
    this.s3Port = s3Port;
  }

  /**
   * Starts an emulator; it is ready when this returns.
   *
   * @throws RuntimeException when a port is taken or the directory cannot be used
   */
  public static EmulatorServer start(EmulatorOptions options) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(options, parts);
    } catch (RuntimeException e) {
      close(parts);
      throw e;
    }
  }

  private static EmulatorServer start(EmulatorOptions options, Deque<AutoCloseable> parts) {
    Clock clock = Clock.systemUTC();
    EmulatorClock recordClock = new EmulatorClock();
    Credentials credentials = new Credentials(clock);
    options.keys().forEach(key -> credentials.add(key.accessKey(), key.secretKey()));
    options
        .sessions()
        .forEach(
            session ->
                credentials.addSession(
                    session.accessKey(),
                    session.secretKey(),
                    session.sessionToken(),
                    session.expiresInSeconds()));
    WorkDirectory work = WorkDirectory.open(options.directory());
    parts.push(work);
    ExecutorService workers = Executors.newCachedThreadPool(Threads.daemons("emulator-worker"));
    parts.push(workers::shutdownNow);
    Database database = Database.open(work.scratch(), workers);
    parts.push(database);
    ObjectStore objects = ObjectStore.start(options.s3Port(), work.buckets(), credentials);
    parts.push(objects);
    options.buckets().forEach(objects::ensureBucket);

    Faults faults = new Faults(clock);
    GroupRegistry groups = new GroupRegistry(clock, options.deleteAfter().toMillis());
    ControlPlane controlPlane =
        new ControlPlane(
            groups,
            options.region(),
            options.account(),
            recordClock,
            clock,
            options.createAfter().toMillis(),
            faults::creationFailure,
            objects::ensureBucket);
    OfflineBuffer offline =
        new OfflineBuffer(
            new OfflineWriter(database, objects, recordClock, work.scratch()),
            options.flushEvery(),
            Threads.daemons("emulator-flush"));
    parts.push(offline);
    FeatureStoreRuntime runtime = new FeatureStoreRuntime(groups, offline, recordClock);
    Athena athena =
        new Athena(
            database,
            groups,
            objects,
            faults,
            offline::flush,
            work.scratch(),
            Threads.daemons("emulator-athena"));
    parts.push(athena);
    CallLog log = new CallLog();
    Stats stats = new Stats();
    AwsEndpoint aws =
        new AwsEndpoint(
            new SignatureVerifier(credentials, clock),
            new OperationFinder(runtime, controlPlane, athena),
            faults,
            log,
            stats,
            workers);
    AdminEndpoint admin =
        new AdminEndpoint(
            groups,
            runtime,
            recordClock,
            credentials,
            faults,
            log,
            stats,
            offline::flush,
            athena::clear,
            workers);
    HttpServer server =
        HttpServer.start(
            options.port(),
            (request, responder) -> {
              if (AdminEndpoint.owns(request.rawPath())) {
                admin.handle(request, responder);
              } else {
                aws.handle(request, responder);
              }
            },
            workers);
    parts.push(server);
    return new EmulatorServer(options, parts, server.port(), objects.port());
  }

  /** Where Feature Store and Athena are. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where S3 is. */
  public URI s3Endpoint() {
    return URI.create("http://127.0.0.1:" + s3Port);
  }

  /** The options that it was started with. */
  public EmulatorOptions options() {
    return options;
  }

  /** Stops it; a temporary directory is deleted. */
  @Override
  public void close() {
    close(parts);
  }

  private static void close(Deque<AutoCloseable> parts) {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        if (first == null) {
          first = new IllegalStateException("The emulator did not stop cleanly", e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
