package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.offline.sagemaker.ReadPolicy.Strategy;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadPolicyTest {
  private static final String[] FEATURES = {"id String", "at String"};
  private static final FeatureGroupDescription BOTH =
      Groups.visits(Groups.online("Standard"), Groups.glue("s3://b/data"), FEATURES);
  private static final FeatureGroupDescription IN_MEMORY =
      Groups.visits(Groups.online("InMemory"), Optional.empty(), FEATURES);
  private static final FeatureGroupDescription ICEBERG =
      Groups.visits(Optional.empty(), Groups.iceberg(), FEATURES);
  private static final ReadPolicy.Access READABLE = new ReadPolicy.Access(Optional.empty());
  private static final ReadPolicy.Access DENIED = new ReadPolicy.Access(Optional.of("403"));
  private static final String UNLOAD_TO = "unload-location";

  @Test
  void readsFilesWhereItCan() {
    ReadPolicy.Decision decision = decide(BOTH, READABLE);

    assertThat(decision.shape()).isEqualTo(Shape.OFFLINE);
    assertThat(decision.strategy()).isEqualTo(Strategy.DIRECT);
    assertThat(decision.reason()).contains("can be read by this job");
  }

  @Test
  void unloadsWhatItCannotRead() {
    ReadPolicy.Decision decision = decide(BOTH, DENIED, UNLOAD_TO, "s3://b/unload/");

    assertThat(decision.strategy()).isEqualTo(Strategy.UNLOAD);
    assertThat(decision.reason()).contains("403");
  }

  @Test
  void unloadsIcebergTables() {
    assertThat(decide(ICEBERG, READABLE, UNLOAD_TO, "s3://b/u").strategy())
        .isEqualTo(Strategy.UNLOAD);
    assertThatThrownBy(() -> decide(ICEBERG, READABLE, "read", "direct"))
        .hasMessageContaining("Iceberg")
        .hasMessageContaining("sagemaker.read = unload or auto");
  }

  @Test
  void saysThatUnloadNeedsAPlace() {
    assertThatThrownBy(() -> decide(ICEBERG, READABLE))
        .hasFieldOrPropertyWithValue("code", "UNLOAD_LOCATION_NEEDED")
        .hasMessageContaining("Iceberg");
  }

  @Test
  void doesWhatItIsAskedFor() {
    assertThat(decide(BOTH, READABLE, "read", "unload", UNLOAD_TO, "s3://b/u").strategy())
        .isEqualTo(Strategy.UNLOAD);
    assertThat(decide(BOTH, READABLE, "read", "DIRECT").strategy()).isEqualTo(Strategy.DIRECT);
    assertThatThrownBy(() -> decide(BOTH, DENIED, "read", "direct")).hasMessageContaining("403");
    assertThat(decide(BOTH, READABLE, "shape", "hybrid").shape()).isEqualTo(Shape.HYBRID);
    assertThat(decide(BOTH, READABLE, "shape", "online").strategy()).isEqualTo(Strategy.NONE);
  }

  @Test
  void readsOnlineRecordsWhereThereIsNothingElse() {
    ReadPolicy.Decision decision = decide(IN_MEMORY, READABLE);

    assertThat(decision.shape()).isEqualTo(Shape.ONLINE);
    assertThat(decision.reason()).contains("no offline store (InMemory)");
  }

  @Test
  void refusesStoresThatAreNotThere() {
    assertThatThrownBy(() -> decide(IN_MEMORY, READABLE, "shape", "hybrid"))
        .hasMessageContaining("no offline store");
    assertThatThrownBy(() -> decide(ICEBERG, READABLE, "shape", "online"))
        .hasMessageContaining("no online store");
    FeatureGroupDescription v2 =
        Groups.visits(Groups.online("Standard_V2"), Groups.glue("s3://b/data"), FEATURES);
    assertThatThrownBy(() -> decide(v2, READABLE, "shape", "online"))
        .hasMessageContaining("does not list its records")
        .hasMessageContaining("hybrid");
  }

  private static ReadPolicy.Decision decide(
      FeatureGroupDescription group, ReadPolicy.Access access, String... settings) {
    ReadPolicy policy = new ReadPolicy(Groups.settings(settings));
    return policy.decide(group, policy.shape(group), access);
  }
}
