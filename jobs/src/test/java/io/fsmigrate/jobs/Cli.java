package io.fsmigrate.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the program as a person would, inside the test's JVM. */
final class Cli {
  private Cli() {}

  /** What the process would have returned and written. */
  record Result(int exitCode, String out, String err) {}

  static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = FsMigrate.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Result(exitCode, out.toString(), err.toString());
  }

  /** Runs the program with one more command, {@code probe}, that does what the test says. */
  static Result probe(Probe.Body body, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    FsMigrate program = new FsMigrate();
    Output output = new Output(new PrintWriter(out), new PrintWriter(err), program.options());
    CommandLine commandLine = new CommandLine(program);
    commandLine.addSubcommand(new CommandLine(new Probe(body, output, program.options())));
    int exitCode = FsMigrate.execute(commandLine, output, args);
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Command(name = "probe")
  record Probe(Body body, Output output, GlobalOptions options) implements Callable<Integer> {
    interface Body {
      int call(Output output, GlobalOptions options) throws Exception;
    }

    @Override
    public Integer call() throws Exception {
      return body.call(output, options);
    }
  }
}
