package io.fsmigrate.online;

import io.fsmigrate.error.FsMigrateException;
import java.util.Optional;

/**
 * Which version of each feature group serving reads. The pointer lies in the store itself, beside
 * the records, so that whoever reads records can read it as well.
 *
 * <p>May be called from any thread; no connection is held between calls.
 */
public interface ServingPointer {
  /** What is served of the group; empty where the pointer was never set. */
  Optional<Served> read(String group);

  /**
   * Finds out, without changing anything, whether {@link #move} to that place would be let.
   *
   * @param place see {@link Served#place}
   * @throws FsMigrateException saying what stands in the way
   */
  void check(String group, String place);

  /**
   * Sets the pointer of {@code to}'s group in one step: readers see either what was served before
   * or what is now, and of several that move it from the same state, one does.
   *
   * @param expected what is to be served still, as it was read, time and author included; empty for
   *     a pointer that was never set
   * @return false where something else is served by now; nothing has changed then
   */
  boolean move(Served to, Optional<Served> expected);
}
