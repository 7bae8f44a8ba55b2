package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.state.Json;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A request is copied and saved with everything that was asked for. */
class MigrateRequestTest {
  private static final MigrateRequest PLAIN = MigrateRequest.builder("a@1.0.0", "a@2.0.0").build();

  /** Has nothing in common with the plain one. */
  private static final MigrateRequest FULL =
      MigrateRequest.builder("b@1.0.0", "b@2.0.0")
          .mode(WriteMode.REPLACE)
          .filterQuery(Optional.of("n > 2"))
          .allowPartial(true)
          .createBranch(true)
          .onlineStores(Optional.of(List.of("cache")))
          .via(List.of("1.1.0"))
          .staleCheck(StaleCheck.EXACT)
          .inPlace(true)
          .estimateKeys(true)
          .fromRecord(Optional.of("k"))
          .skipUnreadable(true)
          .build();

  @Test
  void aCopyLosesNothing() throws ReflectiveOperationException {
    for (RecordComponent component : MigrateRequest.class.getRecordComponents()) {
      assertThat(component.getAccessor().invoke(FULL))
          .as(component.getName() + " can be set")
          .isNotEqualTo(component.getAccessor().invoke(PLAIN));
    }
    assertThat(FULL.toBuilder().build()).isEqualTo(FULL);
  }

  @Test
  void offlineKeepsWhatDecidesTheRows() {
    assertThat(FULL.offline())
        .isEqualTo(
            FULL.toBuilder()
                .onlineStores(Optional.of(List.of()))
                .staleCheck(StaleCheck.NONE)
                .estimateKeys(false)
                .build());
    assertThat(FULL.offline().isLimited()).isTrue();
    assertThat(PLAIN.isLimited()).isFalse();
  }

  @Test
  void savedPlansStayReadable() {
    String saved =
        """
        {"source":"b@1.0.0","target":"b@2.0.0","mode":"REPLACE","filterQuery":"n > 2",\
        "allowPartial":true,"createBranch":true,"onlineStores":["cache"],"via":["1.1.0"],\
        "staleCheck":"EXACT","inPlace":true,"estimateKeys":true,"fromRecord":"k",\
        "skipUnreadable":true}""";

    assertThat(new Json().read("plan.json", saved, MigrateRequest.class)).isEqualTo(FULL);
    assertThat(new Json().compact(FULL)).isEqualTo(saved);
  }
}
