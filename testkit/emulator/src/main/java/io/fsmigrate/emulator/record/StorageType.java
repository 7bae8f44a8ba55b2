package io.fsmigrate.emulator.record;

/** The kinds of online stores. */
public enum StorageType {
  /** The usual one. */
  STANDARD("Standard"),
  /** The usual one, with updates of single features. */
  STANDARD_V2("Standard_V2"),
  /** In memory: collections, and updates of single features. */
  IN_MEMORY("InMemory");

  private final String word;

  StorageType(String word) {
    this.word = word;
  }

  /** The service's word. */
  public String word() {
    return word;
  }

  /** Whether UpdateRecord works. */
  public boolean updates() {
    return this != STANDARD;
  }

  /** Whether ListRecords works. */
  public boolean lists() {
    return this != STANDARD_V2;
  }
}
