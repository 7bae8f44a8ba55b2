package io.fsmigrate.run;

import io.fsmigrate.online.Served;
import java.util.Optional;

/**
 * What a store serves of a feature group, and what it is made to.
 *
 * @param pointer whether it has a pointer; without one, it serves what was written last
 * @param now what it serves; empty where it was never told
 * @param next what it is to serve; empty where nothing is to change
 * @param moved whether it does by now
 */
public record StoreServing(
    String store,
    String type,
    boolean pointer,
    Optional<Served> now,
    Optional<Served> next,
    boolean moved) {}
