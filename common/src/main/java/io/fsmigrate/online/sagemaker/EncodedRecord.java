package io.fsmigrate.online.sagemaker;

/**
 * A record ready to be sent.
 *
 * @param id the record identifier as text
 * @param eventTime as text
 * @param json the list of its feature values, as every operation takes it
 * @param size what the service counts: bytes of all names and values
 */
record EncodedRecord(String id, String eventTime, byte[] json, int size) {
  private static final int WRITE_UNIT = 1024;

  /** What the service charges: one unit for each kilobyte begun. */
  int writeUnits() {
    return Math.max(1, (size + WRITE_UNIT - 1) / WRITE_UNIT);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "record of %d bytes".formatted(size);
  }
}
