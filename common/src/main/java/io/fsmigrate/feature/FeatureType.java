package io.fsmigrate.feature;

import io.fsmigrate.error.FsMigrateException;
import java.io.Serializable;
import java.util.Optional;

/**
 * The type of a feature: a Spark SQL type in its canonical text.
 *
 * <p>Use {@link #parse} for what people write. The constructor takes Spark's own simple string as
 * it is, so that a source may hold columns of types that no feature can have.
 *
 * @param sql lower-case simple string as Spark prints it, for example {@code bigint}, {@code
 *     array<float>}, {@code decimal(10,2)}; names of struct fields keep their case
 */
public record FeatureType(String sql) implements Serializable {
  /**
   * Reads a type as people write it: Spark SQL types at any depth, pandas and NumPy names, and
   * SageMaker's {@code String}, {@code Integral} and {@code Fractional}.
   *
   * @throws FsMigrateException UNKNOWN_TYPE, with the nearest known name
   */
  public static FeatureType parse(String text) {
    return new FeatureType(TypeParser.parse(text).sql());
  }

  /** The structure of the type; empty for a Spark type that no feature can have. */
  public Optional<TypeShape> shape() {
    try {
      return Optional.of(TypeParser.parse(sql));
    } catch (FsMigrateException e) {
      return Optional.empty();
    }
  }

  /** What the feature is in a SageMaker feature group. */
  public SageMakerType sageMaker() {
    return SageMakerType.of(this);
  }

  @Override
  public String toString() {
    return sql;
  }
}
