package io.fsmigrate.emulator;

import io.fsmigrate.emulator.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The emulator as a program; it runs until it is told to stop. */
@Command(
    name = "fs-migrate-emulator",
    mixinStandardHelpOptions = true,
    versionProvider = Emulator.Version.class,
    sortOptions = false,
    description = {
      "Emulates Amazon SageMaker Feature Store, Athena and S3 on this machine, for tests and"
          + " benchmarks.",
      "When it is ready it prints one line of JSON with its endpoints."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  java -jar fs-migrate-emulator.jar --port 8765 --s3-port 8766",
      "  java -jar fs-migrate-emulator.jar --ready-file ready.json --bucket features",
      "  java -jar fs-migrate-emulator.jar --directory data --create-after 2000",
      "  java -jar fs-migrate-emulator.jar --session ASIA1:secret:token:900",
      "",
      "Then, for any AWS SDK:",
      "  export AWS_ENDPOINT_URL=http://127.0.0.1:8765",
      "  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:8766",
      "  export AWS_ACCESS_KEY_ID=emulator-access-key",
      "  export AWS_SECRET_ACCESS_KEY=emulator-secret-key",
      "  export AWS_REGION=us-east-1"
    })
public final class Emulator implements Callable<Integer> {
  @Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of Feature Store and Athena; 0, the default, for any free one.")
  private int port;

  @Option(
      names = "--s3-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of S3; 0, the default, for any free one.")
  private int s3Port;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where S3 keeps its objects as files; by default a temporary directory.")
  private Path directory;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "us-east-1",
      description = "Region in names and paths (default: ${DEFAULT-VALUE}).")
  private String region;

  @Option(
      names = "--account",
      paramLabel = "NUMBER",
      defaultValue = "123456789012",
      description = "Account in names and paths (default: ${DEFAULT-VALUE}).")
  private String account;

  @Option(
      names = "--access-key",
      paramLabel = "KEY",
      description =
          "A key that may sign, with the --secret-key of the same place; may be repeated"
              + " (default: emulator-access-key).")
  private List<String> accessKeys = new ArrayList<>();

  @Option(
      names = "--secret-key",
      paramLabel = "SECRET",
      description = "The secret of an --access-key (default: emulator-secret-key).")
  private List<String> secretKeys = new ArrayList<>();

  @Option(
      names = "--session",
      paramLabel = "KEY:SECRET:TOKEN[:SECONDS]",
      description = "A temporary key and when it expires (default: in 3600 s); may be repeated.")
  private List<String> sessions = new ArrayList<>();

  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      description = "A bucket that is there from the start; may be repeated.")
  private List<String> buckets = new ArrayList<>();

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Where the line of JSON is written as well when everything is ready.")
  private Path readyFile;

  @Option(
      names = "--create-after",
      paramLabel = "MILLIS",
      defaultValue = "200",
      description = "How long feature groups are Creating (default: ${DEFAULT-VALUE}).")
  private long createAfter;

  @Option(
      names = "--flush-after",
      paramLabel = "MILLIS",
      defaultValue = "5000",
      description = "How long rows for offline stores are held (default: ${DEFAULT-VALUE}).")
  private long flushAfter;

  private Emulator() {}

  /** Runs the emulator until the process is told to end. */
  public static void main(String[] arguments) {
    // A few classes of S3Proxy's libraries speak at start-up; only warnings are of interest.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    System.exit(new CommandLine(new Emulator()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    EmulatorServer server = EmulatorServer.start(options());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  end.countDown();
                },
                "emulator-stop"));
    String line =
        Json.text(
            Json.object(
                "endpoint",
                server.endpoint(),
                "s3Endpoint",
                server.s3Endpoint(),
                "region",
                region,
                "account",
                account));
    if (readyFile != null) {
      announce(line);
    }
    System.out.println(line);
    end.await();
    return 0;
  }

  /** Writes beside and renames, so that a reader never sees half a line. */
  private void announce(String line) throws IOException {
    Path target = readyFile.toAbsolutePath();
    Path beside = target.resolveSibling(target.getFileName() + ".tmp");
    Files.writeString(beside, line + System.lineSeparator());
    Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private EmulatorOptions options() {
    if (accessKeys.size() != secretKeys.size()) {
      throw wrong("--access-key and --secret-key come in pairs");
    }
    List<EmulatorOptions.Key> keys = new ArrayList<>();
    for (int i = 0; i < accessKeys.size(); i++) {
      keys.add(new EmulatorOptions.Key(accessKeys.get(i), secretKeys.get(i)));
    }
    EmulatorOptions defaults = EmulatorOptions.defaults();
    return new EmulatorOptions(
        port,
        s3Port,
        Optional.ofNullable(directory),
        region,
        account,
        keys.isEmpty() ? defaults.keys() : keys,
        sessions.stream().map(this::session).toList(),
        buckets,
        Duration.ofMillis(createAfter),
        defaults.deleteAfter(),
        Duration.ofMillis(flushAfter));
  }

  private EmulatorOptions.Session session(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 3 || parts.length > 4) {
      throw wrong("--session is KEY:SECRET:TOKEN or KEY:SECRET:TOKEN:SECONDS, not " + text);
    }
    try {
      long seconds = parts.length == 4 ? Long.parseLong(parts[3]) : 3600;
      return new EmulatorOptions.Session(parts[0], parts[1], parts[2], seconds);
    } catch (NumberFormatException e) {
      throw wrong("--session ends in seconds, not in " + parts[3]);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Emulator.class.getPackage().getImplementationVersion();
      return new String[] {"fs-migrate-emulator " + (version == null ? "development" : version)};
    }
  }
}
