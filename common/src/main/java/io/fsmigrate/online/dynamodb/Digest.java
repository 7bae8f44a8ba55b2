package io.fsmigrate.online.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Sixteen bytes that stand for all values of a record: equal records have equal ones. */
final class Digest {
  private static final int BYTES = 16;

  private final MessageDigest sha;

  Digest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The digest of an item whose attributes are all features of its record. */
  AttributeValue of(Map<String, AttributeValue> item) {
    addMap(item);
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(Arrays.copyOf(sha.digest(), BYTES)));
  }

  private void add(AttributeValue value) {
    switch (value.type()) {
      case S -> add('S', value.s());
      case N -> add('N', value.n());
      case B -> add('B', value.b().asByteArrayUnsafe());
      case BOOL -> head(value.bool() ? 'T' : 'F', 0);
      case L -> {
        head('L', value.l().size());
        value.l().forEach(this::add);
      }
      case M -> addMap(value.m());
      default -> head('-', 0);
    }
  }

  private void addMap(Map<String, AttributeValue> map) {
    head('M', map.size());
    new TreeMap<>(map)
        .forEach(
            (name, value) -> {
              add('K', name);
              add(value);
            });
  }

  private void add(char kind, String text) {
    add(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(char kind, byte[] bytes) {
    head(kind, bytes.length);
    sha.update(bytes);
  }

  private void head(char kind, int size) {
    sha.update((byte) kind);
    for (int shift = 24; shift >= 0; shift -= 8) {
      sha.update((byte) (size >>> shift));
    }
  }
}
