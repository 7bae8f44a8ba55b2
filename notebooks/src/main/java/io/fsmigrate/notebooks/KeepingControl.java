package io.fsmigrate.notebooks;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jshell.execution.DirectExecutionControl;

/**
 * Runs statements in this JVM and keeps the value of the last one: JShell itself passes on its text
 * only. They run on a thread of their own, which can be interrupted without harm to the connection.
 */
final class KeepingControl extends DirectExecutionControl {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "cells"));
  private volatile Optional<Future<Object>> running = Optional.empty();
  private Optional<Object> value = Optional.empty();

  /** The value of the last statement that had one, since it was forgotten. */
  Optional<Object> value() {
    return value;
  }

  void forget() {
    value = Optional.empty();
  }

  void interrupt() {
    running.ifPresent(task -> task.cancel(true));
  }

  @Override
  protected String invoke(Method statement) throws Exception {
    Future<Object> task = thread.submit(() -> statement.invoke(null));
    running = Optional.of(task);
    try {
      value = Optional.ofNullable(task.get());
      // Never looked at, so that the text of a large value is never made.
      return "";
    } catch (CancellationException e) {
      throw new UserException("Interrupted", "Interrupted", e.getStackTrace());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvocationTargetException thrown) {
        throw thrown;
      }
      throw e;
    } finally {
      running = Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    super.close();
  }
}
