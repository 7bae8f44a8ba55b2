package io.fsmigrate.online.postgresql;

import java.util.Arrays;

/** Bytes that grow, in network order. */
final class CopyBuffer {
  private byte[] bytes;
  private int size;

  CopyBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** Takes back what was put since the buffer had that size. */
  void cut(int to) {
    size = to;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  void putShort(int value) {
    room(Short.BYTES);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    room(Integer.BYTES);
    size = setInt(size, value);
  }

  /** Sets four bytes that were put before. */
  int setInt(int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
    return at + Integer.BYTES;
  }

  void putLong(long value) {
    putInt((int) (value >> 32));
    putInt((int) value);
  }

  void putByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void put(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
    }
  }
}
