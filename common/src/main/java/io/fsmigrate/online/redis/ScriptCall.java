package io.fsmigrate.online.redis;

import java.util.List;
import redis.clients.jedis.Protocol.Command;

/**
 * One run of a script, for records whose keys have one hash slot.
 *
 * @param records one where it replaces what was seen
 */
record ScriptCall(List<PendingRecord> records) {
  private static final byte[] YES = {'1'};
  private static final byte[] NO = {'0'};

  /**
   * Adds the command to what is to be sent; where another server has to be asked for once, with the
   * word for that before it.
   */
  void add(RedisConnection connection, RecordForm form, byte[] secondsToLive) {
    if (records.get(0).askNode() != null) {
      connection.add(Command.ASKING);
    }
    byte[][] arguments = isSettling() ? settle(form, secondsToLive) : guard(form, secondsToLive);
    connection.add(Command.EVALSHA, arguments);
  }

  /** How many replies come before the script's own. */
  int repliesBefore() {
    return records.get(0).askNode() != null ? 1 : 0;
  }

  boolean isSettling() {
    return records.get(0).seen() != null;
  }

  private byte[][] guard(RecordForm form, byte[] secondsToLive) {
    int count = 4 + records.size();
    for (PendingRecord record : records) {
      count += record.entry().arguments().length + 1;
    }
    byte[][] all = new byte[count][];
    all[0] = form.scripts().guard().sha();
    all[1] = number(records.size());
    int at = 2;
    for (PendingRecord record : records) {
      all[at++] = record.entry().key();
    }
    all[at++] = form.ownsKeys() ? YES : NO;
    all[at++] = secondsToLive;
    for (PendingRecord record : records) {
      byte[][] arguments = record.entry().arguments();
      all[at++] = number(arguments.length);
      System.arraycopy(arguments, 0, all, at, arguments.length);
      at += arguments.length;
    }
    return all;
  }

  private byte[][] settle(RecordForm form, byte[] secondsToLive) {
    PendingRecord record = records.get(0);
    byte[][] arguments = record.entry().arguments();
    byte[][] all = new byte[7 + form.fields().size() + arguments.length][];
    all[0] = form.scripts().settle().sha();
    all[1] = YES;
    all[2] = record.entry().key();
    all[3] = form.ownsKeys() ? YES : NO;
    all[4] = secondsToLive;
    all[5] = record.seen();
    all[6] = number(form.fields().size());
    int at = 7;
    for (byte[] field : form.fields()) {
      all[at++] = field;
    }
    System.arraycopy(arguments, 0, all, at, arguments.length);
    return all;
  }

  private static byte[] number(int number) {
    return Records.utf8(Integer.toString(number));
  }
}
