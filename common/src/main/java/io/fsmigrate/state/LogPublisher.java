package io.fsmigrate.state;

import java.io.IOException;

/**
 * Makes a file appear under its final name, whole, and only if that name is free. All safety
 * against other writers rests on this.
 */
interface LogPublisher {
  /**
   * @param path the final name, as the table's file system spells it
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; nothing was changed
   * @throws IOException if the file could not be written; the name is then not taken by this call
   */
  void publish(String path, byte[] content) throws IOException;
}
