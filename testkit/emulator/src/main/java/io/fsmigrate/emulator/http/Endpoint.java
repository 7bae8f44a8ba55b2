package io.fsmigrate.emulator.http;

/** Answers requests; called on an event loop, so it must not wait. */
@FunctionalInterface
public interface Endpoint {
  /** Handles a request; exactly one call of the responder ends it, now or later. */
  void handle(Request request, Responder responder);
}
