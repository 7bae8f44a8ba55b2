package io.fsmigrate.online.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Commands in Redis' protocol, put together to be sent at once: a server that gets them in pieces
 * wakes up for each. A command is an array of texts, each with its length before it.
 */
final class CommandBuffer {
  private static final int USUAL = 64 * 1024;

  /** More than a flight: what a huge record needed is not kept. */
  private static final int MOST_KEPT = 2 * 1024 * 1024;

  private static final int MOST_DIGITS = 16;

  private byte[] bytes = new byte[USUAL];
  private int size;

  void add(byte[] command, byte[]... arguments) {
    number('*', arguments.length + 1);
    text(command);
    for (byte[] argument : arguments) {
      text(argument);
    }
  }

  void sendTo(OutputStream out) throws IOException {
    try {
      out.write(bytes, 0, size);
      out.flush();
    } finally {
      size = 0;
      if (bytes.length > MOST_KEPT) {
        bytes = new byte[USUAL];
      }
    }
  }

  private void text(byte[] text) {
    number('$', text.length);
    require(text.length + 2);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
    end();
  }

  private void number(char kind, int number) {
    require(MOST_DIGITS);
    bytes[size++] = (byte) kind;
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int left = number;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    size += digits;
    end();
  }

  private void end() {
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  private void require(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
