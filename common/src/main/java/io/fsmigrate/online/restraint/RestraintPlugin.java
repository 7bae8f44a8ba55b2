package io.fsmigrate.online.restraint;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Connects the gates on executors with the budgets that the driver keeps. Named in {@code
 * spark.plugins} when the application starts; its class must be on the executors by then, as it is
 * with {@code --jars} or as the program's own jar. Where the executors do not have it, each keeps
 * to a fixed part of the limits.
 */
public final class RestraintPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new DriverSide();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorSide();
  }

  private static final class DriverSide implements DriverPlugin {
    @Override
    public Object receive(Object message) throws IOException {
      return Wire.bytes(CallGates.answer(Wire.message((byte[]) message)));
    }
  }

  private static final class ExecutorSide implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      // With a local master the executor is the driver, where the budgets are at hand.
      if (!context.executorID().equals(SparkPlace.DRIVER)) {
        CallGates.connect(
            context.executorID(),
            question -> Wire.message((byte[]) context.ask(Wire.bytes(question))));
      }
    }

    @Override
    public void shutdown() {
      CallGates.disconnect();
    }
  }
}
