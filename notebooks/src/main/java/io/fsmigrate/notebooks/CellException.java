package io.fsmigrate.notebooks;

/** A cell that did not compile, or threw; the message is for the person who wrote it. */
final class CellException extends Exception {
  private static final long serialVersionUID = 1L;

  CellException(String message) {
    // Where in the kernel it was made says nothing about the cell.
    super(message, null, false, false);
  }
}
