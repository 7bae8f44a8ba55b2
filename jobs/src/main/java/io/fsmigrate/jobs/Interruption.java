package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a process does that is asked to end: it puts on record that its run was interrupted, which
 * takes a moment and has a limit, and leaves. Whoever asks twice does not want to wait.
 */
final class Interruption {
  /** Less than what schedulers give a process between asking and killing. */
  static final Duration LIMIT = Duration.ofSeconds(15);

  private final BooleanSupplier interrupt;
  private final IntConsumer exit;
  private final IntConsumer halt;
  private final Duration limit;
  private final Consumer<String> people;
  private final AtomicInteger signals = new AtomicInteger();

  /**
   * @param interrupt puts it on record; says whether there was a run
   * @param exit ends the process, after {@link #ending} was called
   * @param halt ends the process at once
   */
  Interruption(
      BooleanSupplier interrupt,
      IntConsumer exit,
      IntConsumer halt,
      Duration limit,
      Consumer<String> people) {
    this.interrupt = interrupt;
    this.exit = exit;
    this.halt = halt;
    this.limit = limit;
    this.people = people;
  }

  /** A signal came. */
  void signalled() {
    if (signals.incrementAndGet() > 1) {
      halt.accept(ExitCode.INTERRUPTED.code());
      return;
    }
    people.accept("interrupted: recording what is done; a second signal leaves at once");
    Thread watchdog =
        new Thread(
            () -> {
              try {
                Thread.sleep(limit.toMillis());
                halt.accept(ExitCode.INTERRUPTED.code());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "fs-migrate-leave");
    watchdog.setDaemon(true);
    watchdog.start();
    exit.accept(ExitCode.INTERRUPTED.code());
  }

  /** The process is about to end, for whatever reason. */
  void ending() {
    if (interrupt.getAsBoolean()) {
      halt.accept(ExitCode.INTERRUPTED.code());
    }
  }
}
