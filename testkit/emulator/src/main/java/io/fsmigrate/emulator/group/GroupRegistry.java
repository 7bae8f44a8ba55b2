package io.fsmigrate.emulator.group;

import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.FeatureGroup.Status;
import io.fsmigrate.emulator.record.GroupLookup;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All feature groups by name. */
public final class GroupRegistry implements GroupLookup {
  /** Groups of one account and region, by default. */
  public static final int MAX_GROUPS = 100;

  /** Groups that may be Creating at a time. */
  public static final int MAX_CREATING = 4;

  private final Map<String, FeatureGroup> groups = new ConcurrentHashMap<>();
  private final Clock clock;
  private final long deleteMillis;

  /**
   * No groups yet.
   *
   * @param deleteMillis how long a group stays Deleting
   */
  public GroupRegistry(Clock clock, long deleteMillis) {
    this.clock = clock;
    this.deleteMillis = deleteMillis;
  }

  /**
   * Adds a group.
   *
   * @throws ServiceException ResourceInUse or ResourceLimitExceeded
   */
  synchronized void add(FeatureGroup group) {
    if (find(group.name()).isPresent()) {
      throw new ServiceException(
          400, "ResourceInUse", "Resource Already Exists: FeatureGroup " + group.name());
    }
    if (all().size() >= MAX_GROUPS) {
      throw limit("feature groups", MAX_GROUPS);
    }
    long creating =
        all().stream().filter(other -> other.status(clock.millis()) == Status.CREATING).count();
    if (creating >= MAX_CREATING) {
      throw limit("feature groups that are being created", MAX_CREATING);
    }
    groups.put(group.name(), group);
  }

  private static ServiceException limit(String what, int most) {
    return new ServiceException(
        400,
        "ResourceLimitExceeded",
        "The account-level service limit of %d %s has been reached".formatted(most, what));
  }

  /** The group of a name or an Amazon Resource Name. */
  public Optional<FeatureGroup> find(String nameOrArn) {
    String name = GroupLookup.name(nameOrArn);
    FeatureGroup group = groups.get(name);
    if (group != null
        && group.deletedAtMillis() != Long.MAX_VALUE
        && clock.millis() >= group.deletedAtMillis() + deleteMillis) {
      groups.remove(name, group);
      return Optional.empty();
    }
    return Optional.ofNullable(group);
  }

  /** All groups, by name. */
  public Collection<FeatureGroup> all() {
    groups.keySet().forEach(this::find);
    List<FeatureGroup> all = new java.util.ArrayList<>(groups.values());
    all.sort(Comparator.comparing(FeatureGroup::name));
    return all;
  }

  /** Removes all groups at once. */
  public void clear() {
    groups.clear();
  }

  @Override
  public FeatureGroup usable(String nameOrArn) {
    FeatureGroup group =
        find(nameOrArn)
            .orElseThrow(
                () ->
                    ServiceException.notFound(
                        "Resource Not Found: FeatureGroup %s", GroupLookup.name(nameOrArn)));
    Status status = group.status(clock.millis());
    if (status != Status.CREATED) {
      throw ServiceException.validation(
          "Validation Error: FeatureGroup %s is %s", group.name(), status.word());
    }
    return group;
  }
}
