/**
 * Online stores in Redis: one hash per record, written by scripts that compare event times on the
 * server.
 *
 * <p>{@link io.fsmigrate.online.redis.RecordForm} says what a record looks like there (our own form
 * or Feast's), {@link io.fsmigrate.online.redis.RedisRecordWriter} keeps scripts in flight, one
 * {@link io.fsmigrate.online.redis.NodeLane} per server.
 */
package io.fsmigrate.online.redis;
