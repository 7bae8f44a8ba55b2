package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

/** Both sides of the plugin, connected without a network; real executors are for other tests. */
class RestraintPluginTest {
  private static final Limits LIMITS = new Limits(Optional.of(RateLimit.parse("1000 calls/s")), 10);

  private final GateKey key = new GateKey(UUID.randomUUID().toString(), "store", "group");
  private final RestraintPlugin plugin = new RestraintPlugin();
  private final DriverPlugin driver = plugin.driverPlugin();

  @Test
  void anExecutorAsksTheDriver() throws Exception {
    ExecutorPlugin executor = plugin.executorPlugin();
    executor.init(new Direct("7"), Map.of());
    try (GateLease gate = CallGates.open(key, LIMITS, 2)) {
      gate.acquire(new CallCost(1, 1)).succeeded();
      // Half of the calls, because two executors are expected.
      assertThat(gate.state().concurrency()).isEqualTo(5);
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void theExecutorInTheDriverNeedsNoConnection() throws Exception {
    ExecutorPlugin executor = plugin.executorPlugin();
    executor.init(new Direct("driver"), Map.of());
    try (GateLease gate = CallGates.open(key, LIMITS, 1)) {
      gate.acquire(new CallCost(1, 1)).succeeded();
      assertThat(CallGates.observed().get(key).calls()).isEqualTo(1);
    }
    assertThat(SparkPlace.isExecutor()).isFalse();
  }

  private final class Direct implements PluginContext {
    private final String executor;

    Direct(String executor) {
      this.executor = executor;
    }

    @Override
    public Object ask(Object message) throws Exception {
      return driver.receive(message);
    }

    @Override
    public void send(Object message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String executorID() {
      return executor;
    }

    @Override
    public MetricRegistry metricRegistry() {
      return new MetricRegistry();
    }

    @Override
    public SparkConf conf() {
      return new SparkConf(false);
    }

    @Override
    public String hostname() {
      return "localhost";
    }

    @Override
    public Map<String, ResourceInformation> resources() {
      return Map.of();
    }
  }
}
