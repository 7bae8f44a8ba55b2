package io.fsmigrate.emulator.http;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of requests: unlike each other and cheap. */
final class RequestIds {
  private final String prefix = UUID.randomUUID().toString().substring(0, 24);
  private final AtomicLong count = new AtomicLong();

  String next() {
    String number = Long.toHexString(count.incrementAndGet());
    return prefix + "000000000000".substring(Math.min(12, number.length())) + number;
  }
}
