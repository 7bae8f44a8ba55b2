package io.fsmigrate.sagemaker;

import java.util.Optional;

/**
 * Section {@code sagemaker} of the configuration: what sources {@code sagemaker:GROUP} and online
 * stores of type {@code sagemaker} have in common.
 *
 * @param access account and region
 * @param shape which records of a source group are read
 * @param read how files of a source's offline store are read
 * @param s3Scheme scheme under which this Spark reaches S3: {@code s3a}, or {@code s3} on EMR
 * @param athena how Athena is asked
 * @param limits what the account may do in a second
 * @param prices what calls cost
 */
public record SageMakerSettings(
    AwsAccess access,
    Shape shape,
    Read read,
    String s3Scheme,
    Athena athena,
    ServiceLimits limits,
    Prices prices) {
  /** The same, for reading the full history only. */
  public SageMakerSettings forHistory() {
    return new SageMakerSettings(access, Shape.OFFLINE, read, s3Scheme, athena, limits, prices);
  }

  /**
   * The address of a place in S3 in the words of this Spark's file system.
   *
   * @param location {@code s3://...}; any other stays as it is
   */
  public String path(String location) {
    return location.startsWith("s3://") ? s3Scheme + location.substring("s3".length()) : location;
  }

  /** Which of a group's two stores is the source. */
  public enum Shape {
    /** The full history where there is one, otherwise the records being served. */
    AUTO,
    /** The full history only. */
    OFFLINE,
    /** The records being served only. */
    ONLINE,
    /** The full history, and the records being served where they are newer or not in it. */
    HYBRID
  }

  /** How the history is read. */
  public enum Read {
    /** From the table's files where they can be read, otherwise by Athena. */
    AUTO,
    /** From the table's files. */
    DIRECT,
    /** By Athena's UNLOAD. */
    UNLOAD
  }

  /**
   * How Athena is asked.
   *
   * @param workGroup that runs the queries
   * @param outputLocation {@code s3://...} for results; empty where the work group has one
   * @param unloadLocation {@code s3://...} below which UNLOAD writes; empty where it is not used
   */
  public record Athena(
      String workGroup, Optional<String> outputLocation, Optional<String> unloadLocation) {
    public Athena {
      unloadLocation = unloadLocation.map(location -> location.replaceAll("/+$", ""));
    }
  }

  /**
   * What the service allows in a second, for estimates.
   *
   * @param callsPerSecond calls of one operation; the service's default quota is 10,000
   * @param writeUnitsPerSecond write units of one group; 40,000 is the most of a provisioned one
   * @param callMillis what a call is assumed to take
   */
  public record ServiceLimits(long callsPerSecond, long writeUnitsPerSecond, double callMillis) {}

  /**
   * What calls cost, in US dollars.
   *
   * @param millionWriteUnits a million write units of an online store
   * @param millionReadUnits a million read units of an online store
   * @param scannedTebibyte a tebibyte scanned by Athena
   */
  public record Prices(double millionWriteUnits, double millionReadUnits, double scannedTebibyte) {}
}
