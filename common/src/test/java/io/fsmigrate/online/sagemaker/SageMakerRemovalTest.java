package io.fsmigrate.online.sagemaker;

import static io.fsmigrate.online.sagemaker.Targets.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SageMakerRemovalTest {
  private static final VersionedGroup FLIGHTS = Targets.of("delay", "int");

  private EmulatedGroups groups;

  @BeforeEach
  void startAnew() {
    groups = EmulatedGroups.fresh();
  }

  @ParameterizedTest
  @ValueSource(strings = {"String", "Fractional"})
  void clearingLeavesNothingAndLetsTheSameBeWrittenAgain(String eventTime) {
    groups.create("flights", FLIGHTS, "Standard", Map.of("at", eventTime));
    SageMakerOnlineStore store = groups.store();
    List<OnlineRecord> records = Targets.records(230, NOON.plusMillis(500));
    Targets.write(store, FLIGHTS, Targets.run(), records);
    groups
        .emulator()
        .faults("{\"throttleShare\":0.1,\"seed\":1}", "{\"dropShare\":0.05,\"seed\":2}");

    store.clear(FLIGHTS);
    store.clear(FLIGHTS);

    groups.emulator().faults();
    assertThat(store.count(FLIGHTS)).hasValue(0);
    assertThat(Targets.write(store, FLIGHTS, Targets.run(), records).submitted()).isEqualTo(230);
    assertThat(store.count(FLIGHTS)).hasValue(230);
    assertThat(Targets.read(store, FLIGHTS, List.of("k7"))).containsExactly(records.get(7));
  }

  @Test
  void identifiersAreListedPageByPage() {
    groups.create(FLIGHTS, "Standard");
    Targets.write(groups.store(), FLIGHTS, Targets.run(), Targets.records(230, NOON));

    List<String> ids = new ArrayList<>();
    groups.store().listIdentifiers(FLIGHTS, ids::add);

    assertThat(ids)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 230).mapToObj(i -> "k" + i).toList());
    assertThat(groups.calls("ListRecords")).hasSize(3);
  }

  @Test
  void aGroupThatDoesNotTellItsRecordsIsClearedByName() {
    groups.create(FLIGHTS, "Standard_V2");
    SageMakerOnlineStore store = groups.store();
    Targets.write(store, FLIGHTS, Targets.run(), Targets.records(130, NOON));

    assertThat(store.count(FLIGHTS)).isEmpty();
    assertThat(catchThrowableOfType(FsMigrateException.class, () -> store.clear(FLIGHTS)))
        .satisfies(e -> assertThat(e.code()).isEqualTo("STORE_CANNOT_LIST"));
    List<String> ids = IntStream.range(0, 200).mapToObj(i -> "k" + i).toList();
    assertThat(store.clear(FLIGHTS, ids.iterator())).isEqualTo(130);
    assertThat(store.clear(FLIGHTS, ids.iterator())).isZero();
    assertThat(Targets.read(store, FLIGHTS, new ArrayList<>(ids))).isEmpty();
  }
}
