package io.fsmigrate.online;

import java.io.Serializable;

/**
 * The run that a writer writes for.
 *
 * @param run its id
 * @param maxWorkers calls to the store in flight at once, for the whole run
 * @param executors JVMs that write for the run, as many as there were at its start
 */
public record WriteContext(String run, int maxWorkers, int executors) implements Serializable {}
