package io.fsmigrate.online.sagemaker;

import static io.fsmigrate.online.sagemaker.Targets.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.WriteOutcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.StorageType;

class SageMakerOnlineStoreTest {
  private static final VersionedGroup FLIGHTS = Targets.of("delay", "int");

  private EmulatedGroups groups;

  @BeforeEach
  void startAnew() {
    groups = EmulatedGroups.fresh();
    groups.create(FLIGHTS, StorageType.STANDARD);
  }

  @Test
  void writesInAsFewCallsAsThereCanBe() {
    List<OnlineRecord> records = Targets.records(1_010, NOON);

    WriteOutcome outcome = Targets.write(groups.store(), FLIGHTS, Targets.run(), records);

    assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, 1_010, List.of()));
    assertThat(groups.calls("BatchWriteRecord")).hasSize(41);
    assertThat(groups.calls("PutRecord")).isEmpty();
    assertThat(Targets.read(groups.store(), FLIGHTS, List.copyOf(List.of("k0", "k1009", "none"))))
        .containsExactlyInAnyOrder(records.get(0), records.get(1_009));
    assertThat(groups.store().count(FLIGHTS)).hasValue(1_010);
  }
}
