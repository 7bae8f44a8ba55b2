package io.fsmigrate.catalog;

import java.io.Serializable;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what only a retry may read, by AES-256 in Galois/Counter mode: nobody reads it without the
 * key, nor changes it unnoticed. Never prints.
 */
public final class SealKey implements Serializable {
  /** What it must be. */
  public static final String FORM =
      "must be 32 bytes in base64, such as openssl rand -base64 32 makes them";

  private static final long serialVersionUID = 1L;
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;

  private SealKey(byte[] key) {
    this.key = key;
  }

  /** The key of a text; empty where it is none. */
  public static Optional<SealKey> parse(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.strip());
      return bytes.length == BYTES ? Optional.of(new SealKey(bytes)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Seals bytes: a nonce of their own, then the rest. */
  public byte[] seal(byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(CIPHER + " is missing in this Java", e);
    }
  }

  /** What was sealed; empty where that was by another key, or was changed since. */
  public Optional<byte[]> open(byte[] sealed) {
    if (sealed.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES))
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    String algorithm = CIPHER.substring(0, CIPHER.indexOf('/'));
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, algorithm), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealKey that && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return SealKey.class.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
