package io.fsmigrate.sagemaker;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * What SageMaker says of a feature group.
 *
 * @param name its name
 * @param arn its Amazon resource name
 * @param status {@code Creating}, {@code Created}, {@code CreateFailed}, {@code Deleting} or {@code
 *     DeleteFailed}
 * @param updateStatus of the last change, {@code InProgress}, {@code Successful} or {@code Failed};
 *     empty when there was none
 * @param failureReason why creating failed; empty otherwise
 * @param recordIdentifier feature that names a record
 * @param eventTime feature that orders the rows of a record
 * @param features in the order of their definition
 * @param online empty where the group has no online store
 * @param offline empty where the group has no offline store
 */
public record FeatureGroupDescription(
    String name,
    String arn,
    String status,
    Optional<String> updateStatus,
    Optional<String> failureReason,
    String recordIdentifier,
    String eventTime,
    List<Definition> features,
    Optional<Online> online,
    Optional<Offline> offline) {
  public FeatureGroupDescription {
    features = List.copyOf(features);
  }

  /**
   * One feature.
   *
   * @param type {@code String}, {@code Integral} or {@code Fractional}; of the elements of a
   *     collection
   * @param collection {@code List}, {@code Set} or {@code Vector}; null for a single value
   * @param dimension values of a vector; null for anything else
   */
  public record Definition(String name, String type, String collection, Integer dimension)
      implements Serializable {
    @Override
    public String toString() {
      return name + " " + (collection == null ? type : collection + "<" + type + ">");
    }
  }

  /**
   * The online store.
   *
   * @param storageType {@code Standard}, {@code Standard_V2} or {@code InMemory}
   * @param timeToLive for example {@code 30 Days}; empty for none
   */
  public record Online(String storageType, Optional<String> timeToLive) {
    /** Whether {@code UpdateRecord} may change some features of a record and leave the others. */
    public boolean updatesRecords() {
      return storageType.equals("Standard_V2") || storageType.equals("InMemory");
    }

    /** Whether {@code ListRecords} tells the identifiers. */
    public boolean listsRecords() {
      return storageType.equals("Standard") || storageType.equals("InMemory");
    }

    /** Whether features may be lists, sets and vectors. */
    public boolean holdsCollections() {
      return storageType.equals("InMemory");
    }
  }

  /**
   * The offline store.
   *
   * @param location {@code s3://...} where the data files are
   * @param tableFormat {@code Glue} or {@code Iceberg}
   * @param catalog of the table, usually {@code AwsDataCatalog}
   * @param database of the table, usually {@code sagemaker_featurestore}
   * @param table its name
   */
  public record Offline(
      String location, String tableFormat, String catalog, String database, String table) {
    /** Whether it is an Iceberg table, whose files only Iceberg may add to. */
    public boolean isIceberg() {
      return tableFormat.equals("Iceberg");
    }
  }

  /** The feature of that name, compared without case. */
  public Optional<Definition> find(String feature) {
    return features.stream().filter(f -> f.name().equalsIgnoreCase(feature)).findFirst();
  }

  /** The definition of the event time. */
  public Definition eventTimeDefinition() {
    return find(eventTime)
        .orElseThrow(
            () -> new IllegalStateException(name + ": the event time is none of its features"));
  }
}
