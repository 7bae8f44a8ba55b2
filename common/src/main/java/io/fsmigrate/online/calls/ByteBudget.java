package io.fsmigrate.online.calls;

/**
 * How much of what is to be sent the writers of one JVM may hold together, so that a store that has
 * become slow does not fill the heap. Safe for many threads.
 */
public final class ByteBudget {
  /**
   * 256 calls of 25 records of 2 KB are 13 MB, sixteen calls of the largest body are 64 MB; what is
   * held is there about three times, as a record, as a body and in the HTTP client.
   */
  public static final long JVM_BYTES = 64L * 1024 * 1024;

  private final long most;
  private long held;

  /**
   * @param most bytes held together
   */
  public ByteBudget(long most) {
    this.most = most;
  }

  /**
   * Takes some, unless too much is held.
   *
   * @param holdsNothing of a caller that could not give anything back: it always may
   */
  public synchronized boolean take(int bytes, boolean holdsNothing) {
    if (held + bytes > most && !holdsNothing) {
      return false;
    }
    held += bytes;
    return true;
  }

  /** What was taken is free again. */
  public synchronized void giveBack(long bytes) {
    held -= bytes;
  }

  synchronized long held() {
    return held;
  }
}
