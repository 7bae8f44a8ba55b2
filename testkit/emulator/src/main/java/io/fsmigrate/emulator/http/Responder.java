package io.fsmigrate.emulator.http;

/** The one answer to a request, from any thread. */
public interface Responder {
  /** Answers after a delay in milliseconds, which holds no thread. */
  void reply(Reply reply, long delayMillis);

  /** Runs something when the answer goes out or the connection is cut; set before either. */
  void onEnd(Runnable action);

  /** Cuts the connection after a delay in milliseconds, without an answer. */
  void cut(long delayMillis);
}
