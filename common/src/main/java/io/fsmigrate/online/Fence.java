package io.fsmigrate.online;

import java.io.Serializable;

/**
 * Tells the present holder of a lock from earlier ones that may still want to write.
 *
 * @param holder what is locked, the same for every holder of it and for nothing else
 * @param token larger than that of every earlier holder; 0 where nobody is told apart
 */
public record Fence(String holder, long token) implements Serializable {
  /** No lock stands behind what is written. */
  public static final Fence NONE = new Fence("", 0);
}
