package io.fsmigrate.offline;

/**
 * A part of one data file: whole, or a range of its row groups.
 *
 * @param path the file, with scheme
 * @param start first byte of the range; a row group belongs to the range that holds its middle
 * @param length bytes in the range
 * @param fileLength bytes in the file
 * @param rows rows in the range by the file's own statistics; negative where they are missing
 */
public record InputSlice(String path, long start, long length, long fileLength, long rows) {
  /** Whether the range is the whole file. */
  public boolean wholeFile() {
    return start == 0 && length == fileLength;
  }
}
