package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves and their record, on the pointer of a SQLite database. */
class ServingMoverTest {
  private static final String STORE = "local";

  @TempDir private Path directory;

  private ServingHistory history;
  private ServingMover mover;
  private ServingPointer pointer;

  @BeforeEach
  void open() {
    history =
        new ServingHistory(
            directory.resolve("warehouse").toString(), new Configuration(), Clock.systemUTC());
    mover = new ServingMover(history, Clock.systemUTC());
    pointer =
        OnlineStores.of(
                new OnlineStoreDefinition(
                    STORE,
                    "sqlite",
                    Map.of(
                        "path", directory.resolve("online.db").toString(), "serving-view", "none")))
            .pointer()
            .orElseThrow();
  }

  private static Served served(String version) {
    FeatureVersion parsed = new FeatureVersion(version);
    return new Served("flights", parsed, parsed, "flights@" + version, Instant.EPOCH, "");
  }

  private Optional<Served> now() {
    return mover.served(STORE, pointer, "flights");
  }

  private Optional<String> version() {
    return now().map(served -> served.version().text());
  }

  private void move(ServingMove.Cause cause, String version) {
    assertThat(mover.move(cause, STORE, pointer, now(), served(version), Optional.empty()))
        .isPresent();
  }

  private Optional<String> before() {
    return history.before(now().orElseThrow(), STORE).map(served -> served.version().text());
  }

  @Test
  void aMoveIsOnRecordWithWhoMadeItAndFromWhere() {
    mover.move(
        ServingMove.Cause.RUN, STORE, pointer, Optional.empty(), served("1.0.0"), Optional.of("r"));
    move(ServingMove.Cause.SWITCH, "2.0.0");

    List<ServingMove> moves = history.of("flights");
    assertThat(moves).extracting(ServingMove::state).containsOnly(ServingMove.State.MOVED);
    assertThat(moves).extracting(ServingMove::owner).containsOnly(RunOwner.current());
    assertThat(moves.get(0).from()).contains(moves.get(1).to());
    assertThat(moves.get(0).to()).isEqualTo(now().orElseThrow());
    assertThat(moves.get(1).run()).contains("r");
    assertThat(moves.get(1).to().by()).contains("run r");
    assertThat(history.of("others")).isEmpty();
  }

  @Test
  void goingBackTwiceGoesBackByTwo() {
    for (String version : new String[] {"1.0.0", "2.0.0", "3.0.0"}) {
      move(ServingMove.Cause.SWITCH, version);
    }
    List<String> seen = new ArrayList<>();
    while (before().isPresent()) {
      seen.add(before().get());
      move(ServingMove.Cause.BACK, before().get());
    }
    assertThat(seen).containsExactly("2.0.0", "1.0.0");
    move(ServingMove.Cause.SWITCH, "3.0.0");
    assertThat(before()).contains("1.0.0");
  }

  @Test
  void whatSomebodyElseHasSetIsNotGoneBackFrom() {
    move(ServingMove.Cause.SWITCH, "1.0.0");
    Served other = served("2.0.0");
    assertThat(pointer.move(other, now())).isTrue();

    assertThat(before()).isEmpty();
  }

  @Test
  void whoIsSecondMovesNothingAndThatIsOnRecord() {
    move(ServingMove.Cause.SWITCH, "1.0.0");

    assertThat(
            mover.move(
                ServingMove.Cause.SWITCH,
                STORE,
                pointer,
                Optional.empty(),
                served("2.0.0"),
                Optional.empty()))
        .isEmpty();
    assertThat(version()).contains("1.0.0");
    assertThat(history.of("flights").get(0).state()).isEqualTo(ServingMove.State.NOT_MOVED);
    assertThat(before()).isEmpty();
  }

  /** As where the process dies between the store and the record, or just before the store. */
  @Test
  void aMoveThatWasCutShortIsSettledByWhatTheStoreSays() {
    move(ServingMove.Cause.SWITCH, "1.0.0");
    ServingMove done =
        history.begin(ServingMove.Cause.SWITCH, STORE, now(), at("2.0.0"), Optional.empty());
    assertThat(pointer.move(done.to(), done.from())).isTrue();
    assertThat(states()).containsExactly(ServingMove.State.MOVING, ServingMove.State.MOVED);

    assertThat(version()).contains("2.0.0");
    assertThat(states()).containsExactly(ServingMove.State.MOVED, ServingMove.State.MOVED);
    assertThat(before()).contains("1.0.0");

    history.begin(ServingMove.Cause.SWITCH, STORE, now(), at("3.0.0"), Optional.empty());
    assertThat(version()).contains("2.0.0");
    assertThat(states().get(0)).isEqualTo(ServingMove.State.NOT_MOVED);
    assertThat(before()).contains("1.0.0");
  }

  private static Served at(String version) {
    Served what = served(version);
    return new Served(
        what.group(), what.version(), what.keyVersion(), what.place(), Instant.now(), "ada");
  }

  private List<ServingMove.State> states() {
    return history.of("flights").stream().map(ServingMove::state).toList();
  }

  @Test
  void anAnswerThatIsLostIsLookedUp() {
    ServingPointer lossy =
        new ServingPointer() {
          @Override
          public Optional<Served> read(String group) {
            return pointer.read(group);
          }

          @Override
          public void check(String group, String place) {
            pointer.check(group, place);
          }

          @Override
          public boolean move(Served to, Optional<Served> expected) {
            pointer.move(to, expected);
            throw new IllegalStateException("the connection broke");
          }
        };

    assertThatThrownBy(
            () ->
                mover.move(
                    ServingMove.Cause.SWITCH,
                    STORE,
                    lossy,
                    Optional.empty(),
                    served("1.0.0"),
                    Optional.empty()))
        .hasMessageContaining("broke");
    assertThat(states()).containsExactly(ServingMove.State.MOVED);
  }
}
