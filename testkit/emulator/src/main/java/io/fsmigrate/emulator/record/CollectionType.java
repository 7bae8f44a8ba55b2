package io.fsmigrate.emulator.record;

/** Whether a feature holds one value or several. */
public enum CollectionType {
  /** One value. */
  NONE("None"),
  /** Values in order. */
  LIST("List"),
  /** Values without order, each once. */
  SET("Set"),
  /** A fixed number of fractional values. */
  VECTOR("Vector");

  private final String word;

  CollectionType(String word) {
    this.word = word;
  }

  /** The service's word. */
  public String word() {
    return word;
  }
}
