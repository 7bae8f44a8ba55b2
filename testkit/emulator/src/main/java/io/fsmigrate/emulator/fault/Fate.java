package io.fsmigrate.emulator.fault;

import io.fsmigrate.emulator.ServiceException;
import java.util.List;

/**
 * What happens to one call.
 *
 * @param latencyMillis delay of the answer
 * @param error what it is answered with instead of being carried out, or null
 * @param cut when the connection is cut
 * @param rules those that act on its records
 */
record Fate(long latencyMillis, ServiceException error, Cut cut, List<ActiveRule> rules) {
  static final Fate NONE = new Fate(0, null, Cut.NEVER, List.of());

  /** When a connection is cut. */
  enum Cut {
    NEVER,
    BEFORE,
    AFTER
  }
}
