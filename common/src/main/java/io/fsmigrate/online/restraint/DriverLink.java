package io.fsmigrate.online.restraint;

/** The way from an executor to the driver. */
@FunctionalInterface
interface DriverLink {
  /** Asks and waits for the answer. */
  Message ask(Message question) throws Exception;
}
