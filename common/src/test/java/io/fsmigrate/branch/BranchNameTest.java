package io.fsmigrate.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchNameTest {
  @ParameterizedTest
  @CsvSource({
    "main,MAIN",
    "staging,STAGING",
    "development,DEVELOPMENT",
    "experimental/a,EXPERIMENTAL",
    "feature/flights-2,FEATURE",
    "feature/team/x,FEATURE",
    "hotfix/x.1,HOTFIX"
  })
  void theNameSaysTheType(String name, BranchType type) {
    assertThat(BranchType.derive(name)).contains(type);
    assertThat(BranchName.type(name, Optional.empty())).isEqualTo(type);
    assertThat(BranchName.type(name, Optional.of(type))).isEqualTo(type);
  }

  @Test
  void otherNamesNeedAType() {
    assertThat(BranchName.type("ann", Optional.of(BranchType.FEATURE)))
        .isEqualTo(BranchType.FEATURE);
    assertThat(BranchName.type("release/1", Optional.of(BranchType.STAGING)))
        .isEqualTo(BranchType.STAGING);
    for (String name : List.of("ann", "release/1", "feature")) {
      assertThat(BranchType.derive(name)).isEmpty();
      assertThatThrownBy(() -> BranchName.type(name, Optional.empty()))
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("BRANCH_TYPE_NEEDED"))
          .hasMessageContaining("staging, development, experimental, feature, hotfix");
    }
  }

  @Test
  void aTypeThatContradictsTheNameIsRefused() {
    assertThatThrownBy(() -> BranchName.type("hotfix/x", Optional.of(BranchType.FEATURE)))
        .hasMessage(
            "hotfix/x: the name says hotfix, the type given is feature; change one of them");
    assertThatThrownBy(() -> BranchName.type("other", Optional.of(BranchType.MAIN)))
        .hasMessageContaining("only the branch called main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "a b", "a:b", "a@1", "/a", "a/", "a//b", "../x", "a/.b", "-a", "ä", "delta"
      })
  void namesThatWouldBreakAddressesAndPathsAreRefused(String name) {
    assertThatThrownBy(() -> BranchName.type(name, Optional.of(BranchType.FEATURE)))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("INVALID_BRANCH_NAME");
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            });
  }

  @Test
  void aNameHasALimit() {
    assertThat(BranchName.type("x".repeat(100), Optional.of(BranchType.FEATURE)))
        .isEqualTo(BranchType.FEATURE);
    assertThatThrownBy(() -> BranchName.type("x".repeat(101), Optional.of(BranchType.FEATURE)))
        .hasMessageContaining("up to 100");
  }

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "'',abc,3", "Main,main,0", "abc,'',3", "flights,fligths,2"})
  void distanceCountsEdits(String left, String right, int edits) {
    assertThat(NearestName.distance(left, right)).isEqualTo(edits);
    assertThat(NearestName.distance(right, left)).isEqualTo(edits);
  }

  @Test
  void onlyWhatIsNearIsSuggested() {
    assertThat(NearestName.of("mian", List.of("main", "staging"))).contains("main");
    assertThat(NearestName.of("zzzzzz", List.of("main", "staging"))).isEmpty();
  }
}
