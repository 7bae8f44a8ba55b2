package io.fsmigrate.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The program's real command line, for tests outside of its package: parsed, never executed. */
public final class ProgramLine {
  private ProgramLine() {}

  /**
   * Parses the arguments of one command.
   *
   * @return what was given to the innermost command
   * @throws CommandLine.ParameterException when the program would not understand them
   */
  public static ParseResult parse(String... arguments) {
    FsMigrate program = new FsMigrate();
    Output output =
        new Output(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            program.options());
    ParseResult parsed =
        Commands.register(new CommandLine(program), program.options(), output)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .parseArgs(arguments);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed;
  }
}
