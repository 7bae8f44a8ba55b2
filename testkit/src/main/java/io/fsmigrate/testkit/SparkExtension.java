package io.fsmigrate.testkit;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one SparkSession of this JVM, with Delta:
 * {@code @ExtendWith(SparkExtension.class)} and a parameter of type {@link SparkSession}.
 *
 * <p>The session starts with the first class that asks for it and stops when the test JVM has run
 * its last class. Tests that change a setting do it on {@code spark.newSession()}, so that the
 * others do not see it.
 */
public final class SparkExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SparkExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    session(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return session(context);
  }

  // The root store outlives every class and closes what is in it when the JVM's tests are over.
  private static SparkSession session(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            SharedSession.class, key -> SharedSession.start(), SharedSession.class)
        .spark();
  }
}
