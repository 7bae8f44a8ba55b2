package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program: one main class for every command, so that one jar serves the start script, {@code
 * spark-submit} and the platforms' job types.
 */
@Command(
    name = "fs-migrate",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = ProgramVersion.class,
    description = "Moves versioned feature data to the schema it should have.",
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf plan flights@1.0.0 feature/late:flights@2.0.0",
      "  fs-migrate --conf my.conf migrate flights@1.0.0 feature/late:flights@2.0.0",
      "  fs-migrate --conf my.conf branch show feature/late --output json",
      "  fs-migrate --conf my.conf runs list",
      "",
      "Exit codes:",
      "  0 done                                4 refused, nothing was written",
      "  1 a defect of this program            5 verification found differences",
      "  2 usage or configuration error        6 a store stayed unavailable",
      "  3 finished, some records failed       7 stopped, too many failures",
      "  130 interrupted, the checkpoint is written"
    })
public final class FsMigrate extends CommandGroup {
  @Mixin private final GlobalOptions options = new GlobalOptions();

  FsMigrate() {}

  /**
   * Runs one command; the process ends with its exit code. Success returns, because platforms that
   * call this in a process of theirs (YARN's cluster mode, Databricks) take every exit for a crash.
   */
  public static void main(String[] args) {
    int exitCode = run(writer(FileDescriptor.out), writer(FileDescriptor.err), args);
    if (exitCode != ExitCode.OK.code()) {
      System.exit(exitCode);
    }
  }

  /**
   * Runs one command.
   *
   * @return the exit code, see {@link io.fsmigrate.error.ExitCode}
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    FsMigrate program = new FsMigrate();
    Output output = new Output(out, err, program.options);
    CommandLine commandLine = Commands.register(new CommandLine(program), program.options, output);
    return execute(commandLine, output, args);
  }

  /** The options that every command shares; filled when the command line is parsed. */
  GlobalOptions options() {
    return options;
  }

  /** Runs one of the commands registered with the given command line. */
  static int execute(CommandLine commandLine, Output output, String... args) {
    FailureHandler failures = new FailureHandler(output);
    try {
      return commandLine
          .setOut(output.out())
          .setErr(output.people())
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setUsageHelpAutoWidth(true)
          .setUsageHelpLongOptionsMaxWidth(30)
          .setParameterExceptionHandler(failures::usage)
          .setExecutionExceptionHandler((e, command, parsed) -> failures.execution(e))
          .execute(args);
    } catch (Error e) {
      return failures.execution(e);
    } finally {
      output.flush();
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
