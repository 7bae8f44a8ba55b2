package io.fsmigrate.online.redis;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.List;

/** What can stand between records and Redis. */
final class RedisErrors {
  private RedisErrors() {}

  static FsMigrateException accessDenied(RedisSettings settings, RedisFault fault) {
    return usage(
        "REDIS_ACCESS_DENIED",
        "online store %s: Redis at %s does not let us in: %s.\n"
                .formatted(settings.store(), settings.access().words(), fault.getMessage())
            + "Check user and password (or password-file), and that the user may run scripts and"
            + " the commands on hashes");
  }

  static FsMigrateException accessLost(RedisSettings settings, RedisFault fault) {
    return unavailable(
        "REDIS_ACCESS_LOST",
        "online store %s: Redis at %s does not let us in any more: %s.\n"
                .formatted(settings.store(), settings.access().words(), fault.getMessage())
            + "Correct user or password; then the run can be resumed");
  }

  static FsMigrateException passwordUnreadable(RedisSettings settings, String file, String why) {
    return usage(
        "REDIS_PASSWORD_UNREADABLE",
        "%s: the password of online store %s cannot be read: %s; correct password-file, which every"
                .formatted(file, settings.store(), why)
            + " worker needs");
  }

  static FsMigrateException tls(RedisSettings settings, String why) {
    return usage(
        "REDIS_TLS_FAILED",
        "online store %s: no encrypted connection to Redis at %s: %s.\n"
                .formatted(settings.store(), settings.access().words(), why)
            + "Name the authority that signed its certificate (tls-ca-file) and the server as the"
            + " certificate does, or set tls = false if it does not encrypt");
  }

  static FsMigrateException isCluster(RedisSettings settings) {
    return usage(
        "REDIS_IS_CLUSTER",
        "online store %s: Redis at %s is part of a cluster; set cluster = true"
            .formatted(settings.store(), settings.access().words()));
  }

  static FsMigrateException isNoCluster(RedisSettings settings, String why) {
    return usage(
        "REDIS_IS_NO_CLUSTER",
        "online store %s: Redis at %s does not tell the servers of a cluster: %s; set cluster = false"
            .formatted(settings.store(), settings.access().words(), why));
  }

  static FsMigrateException isReplica(RedisSettings settings) {
    return usage(
        "REDIS_IS_REPLICA",
        "online store %s: Redis at %s is a replica, which takes no writes; name its primary"
            .formatted(settings.store(), settings.access().words()));
  }

  static FsMigrateException cannotHold(String store, String target, List<String> misfits) {
    return usage(
        "STORE_CANNOT_HOLD",
        "online store %s: Feast has no place for %s: %s.\n"
                .formatted(store, target, String.join("; ", misfits))
            + "Cast it in a migration, set entity-type, or use layout = hash");
  }

  static FsMigrateException away(RedisSettings settings, String why) {
    return unavailable(
        "REDIS_UNAVAILABLE",
        "online store %s: Redis at %s took no records for %d s: %s.\n"
                .formatted(
                    settings.store(),
                    settings.access().words(),
                    settings.unavailableAfter().toSeconds(),
                    why)
            + "Start it or correct nodes; then the run can be resumed");
  }

  static FsMigrateException unreachable(RedisSettings settings, String why) {
    return unavailable(
        "REDIS_UNREACHABLE",
        "online store %s: Redis at %s cannot be reached: %s.\n"
                .formatted(settings.store(), settings.access().words(), why)
            + "Start it or correct nodes (and tls); then try again");
  }

  static FsMigrateException full(RedisSettings settings, String why) {
    return unavailable(
        "REDIS_FULL",
        "online store %s: Redis at %s is full: %s.\n"
                .formatted(settings.store(), settings.access().words(), why)
            + "Give it more memory (maxmemory), or remove what nobody reads; then the run can be"
            + " resumed");
  }

  static FsMigrateException refused(RedisSettings settings, String why) {
    return unavailable(
        "REDIS_COMMAND_REFUSED",
        "online store %s: Redis at %s refused a command: %s.\n"
                .formatted(settings.store(), settings.access().words(), why)
            + "It has to be version 4 or newer and allow scripts; then the run can be resumed");
  }

  static FsMigrateException unreadable(String target, String key, String why) {
    return unavailable(
        "STORE_NOT_READABLE",
        "%s: the record at key %s is none that this version writes: %s; remove it, or set another"
                .formatted(target, key, why)
            + " key-prefix");
  }

  private static FsMigrateException usage(String code, String message) {
    return new FsMigrateException(ExitCode.USAGE, code, message);
  }

  private static FsMigrateException unavailable(String code, String message) {
    return new FsMigrateException(ExitCode.UNAVAILABLE, code, message);
  }
}
