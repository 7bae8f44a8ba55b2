package io.fsmigrate.run;

import io.fsmigrate.online.Fence;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;

/** What a task needs to look whether its run still holds its lock. */
final class LeaseTicket implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String warehouse;
  private final String branch;
  private final String group;
  private final String run;
  private final long token;
  private final long leaseMillis;
  private transient Configuration configuration;

  /** Which run's lock. */
  record Key(String warehouse, String run, long token) {}

  LeaseTicket(
      String warehouse, String branch, String group, HeldLock held, Configuration configuration) {
    this.warehouse = warehouse;
    this.branch = branch;
    this.group = group;
    this.run = held.run();
    this.token = held.token();
    this.leaseMillis = held.leaseMillis();
    this.configuration = configuration;
  }

  Key key() {
    return new Key(warehouse, run, token);
  }

  String warehouse() {
    return warehouse;
  }

  String branch() {
    return branch;
  }

  String group() {
    return group;
  }

  String run() {
    return run;
  }

  long token() {
    return token;
  }

  Duration lease() {
    return Duration.ofMillis(leaseMillis);
  }

  /** The same for stores that can refuse earlier holders. */
  Fence fence() {
    return new Fence("%s %s:%s".formatted(warehouse, branch, group), token);
  }

  /** Access to the warehouse as the driver has it. */
  Configuration configuration() {
    return configuration;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    configuration.write(out);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    configuration = new Configuration(false);
    configuration.readFields(in);
  }
}
