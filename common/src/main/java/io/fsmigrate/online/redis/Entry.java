package io.fsmigrate.online.redis;

/**
 * A record as it goes to Redis.
 *
 * @param arguments of HSET: field and value by turns; the first field is the event time
 */
record Entry(byte[] key, byte[][] arguments) {
  /** What an argument costs beside its bytes, on the wire and in the heap. */
  private static final int OVERHEAD = 24;

  /** About as much memory as it needs. */
  int bytes() {
    int bytes = key.length + OVERHEAD;
    for (byte[] argument : arguments) {
      bytes += argument.length + OVERHEAD;
    }
    return bytes;
  }
}
