package io.fsmigrate.online.redis;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import redis.clients.jedis.HostAndPort;

/** A record on its way, and the batch that waits for it. */
final class PendingRecord {
  private final PendingBatch batch;
  private final int index;
  private final OnlineRecord record;
  private final Entry entry;
  private final int slot;
  private final int bytes;
  private byte[] seen;
  private HostAndPort askNode;
  private int failures;
  private long firstFailure;

  /**
   * @param index its place in the batch
   * @param slot of its key
   */
  PendingRecord(PendingBatch batch, int index, OnlineRecord record, Entry entry, int slot) {
    this.batch = batch;
    this.index = index;
    this.record = record;
    this.entry = entry;
    this.slot = slot;
    this.bytes = entry.bytes();
  }

  PendingBatch batch() {
    return batch;
  }

  int index() {
    return index;
  }

  OnlineRecord record() {
    return record;
  }

  Entry entry() {
    return entry;
  }

  int slot() {
    return slot;
  }

  int bytes() {
    return bytes;
  }

  /** SHA-1 of what was stored when this record was found to win over it; null if none was. */
  byte[] seen() {
    return seen;
  }

  /** From now on it replaces exactly that, or with null whatever is older. */
  void replaces(byte[] digest) {
    seen = digest;
  }

  /** The server to ask instead of the slot's, for the next time only; usually null. */
  HostAndPort askNode() {
    return askNode;
  }

  void askNode(HostAndPort node) {
    askNode = node;
  }

  /**
   * Notes a failure that may pass.
   *
   * @return how long ago it failed for the first time, in nanoseconds
   */
  long failed(long now) {
    firstFailure = failures == 0 ? now : firstFailure;
    failures++;
    return now - firstFailure;
  }
}
