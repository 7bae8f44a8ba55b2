package io.fsmigrate.emulator.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** A feature group: its definition, its states over time and its online store. */
public final class FeatureGroup {
  /** Where the offline copy is. */
  public record Offline(
      String bucket, String resolvedPrefix, boolean iceberg, String database, String table) {
    /** The S3 address of the data. */
    public String resolvedUri() {
      return "s3://" + bucket + '/' + resolvedPrefix;
    }
  }

  /** Whether a group can be used. */
  public enum Status {
    /** Not yet. */
    CREATING("Creating"),
    /** Yes. */
    CREATED("Created"),
    /** Never. */
    CREATE_FAILED("CreateFailed"),
    /** No longer. */
    DELETING("Deleting");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** The service's word. */
    public String word() {
      return word;
    }
  }

  /** Counts of what the runtime did to the group. */
  public static final class Counts {
    /** Records that became the newest online. */
    public final LongAdder written = new LongAdder();

    /** Records whose event time was not newer. */
    public final LongAdder stale = new LongAdder();

    /** Rows for the offline store. */
    public final LongAdder offline = new LongAdder();

    /** Records deleted online. */
    public final LongAdder deleted = new LongAdder();

    /** Records changed by UpdateRecord. */
    public final LongAdder updated = new LongAdder();
  }

  private final String name;
  private final String arn;
  private final ObjectNode definition;
  private final Instant created;
  private final Optional<StorageType> online;
  private final Optional<Offline> offline;
  private final OnlineStore store;
  private final Counts counts = new Counts();
  private final long usableAtMillis;
  private final String failure;
  private volatile Schema schema;
  private volatile Ttl ttl;
  private volatile long updatedAtMillis;
  private volatile long deletedAtMillis = Long.MAX_VALUE;

  /**
   * A new group.
   *
   * @param definition the request that made it
   * @param createMillis how long it stays Creating
   * @param failure why it will fail, or null
   */
  public FeatureGroup(
      String name,
      String arn,
      ObjectNode definition,
      Schema schema,
      Optional<StorageType> online,
      Optional<Offline> offline,
      Ttl ttl,
      Instant created,
      long createMillis,
      String failure,
      EmulatorClock clock) {
    this.name = name;
    this.arn = arn;
    this.definition = definition;
    this.schema = schema;
    this.online = online;
    this.offline = offline;
    this.ttl = ttl;
    this.created = created;
    this.updatedAtMillis = 0;
    this.usableAtMillis = created.toEpochMilli() + createMillis;
    this.failure = failure;
    this.store = new OnlineStore(clock);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The Amazon Resource Name. */
  public String arn() {
    return arn;
  }

  /** The request that made it, with later changes. */
  public ObjectNode definition() {
    return definition;
  }

  /** When it was asked for. */
  public Instant created() {
    return created;
  }

  /** The features now. */
  public Schema schema() {
    return schema;
  }

  /** Why it failed, if it is to fail. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** The kind of online store, if there is one. */
  public Optional<StorageType> online() {
    return online;
  }

  /** The offline store, if there is one. */
  public Optional<Offline> offline() {
    return offline;
  }

  /** How long records live unless they say otherwise, or null. */
  public Ttl ttl() {
    return ttl;
  }

  /** The records online. */
  public OnlineStore store() {
    return store;
  }

  /** What happened to it. */
  public Counts counts() {
    return counts;
  }

  /** Whether features were added since it was created. */
  public boolean featuresAdded() {
    return schema.features().size() > definition.path("FeatureDefinitions").size();
  }

  /** When it was last changed, in milliseconds since 1970, or 0. */
  public long updatedAtMillis() {
    return updatedAtMillis;
  }

  /** Changes features and lifetime. */
  public void change(Schema changed, Ttl lifetime, long atMillis) {
    schema = changed;
    ttl = lifetime;
    updatedAtMillis = atMillis;
  }

  /** Begins its deletion. */
  public void delete(long atMillis) {
    deletedAtMillis = atMillis;
  }

  /** Since when it is being deleted, in milliseconds since 1970. */
  public long deletedAtMillis() {
    return deletedAtMillis;
  }

  /** The state at a time in milliseconds since 1970. */
  public Status status(long nowMillis) {
    if (nowMillis >= deletedAtMillis) {
      return Status.DELETING;
    }
    if (nowMillis < usableAtMillis) {
      return Status.CREATING;
    }
    return failure == null ? Status.CREATED : Status.CREATE_FAILED;
  }

  /**
   * The kind of online store.
   *
   * @throws ServiceException ValidationError when there is none
   */
  StorageType requireOnline() {
    return online.orElseThrow(
        () ->
            ServiceException.validation(
                "Validation Error: FeatureGroup %s has no OnlineStore", name));
  }
}
