package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AddressTest {
  @Property
  void whatAnAddressPrintsIsThatAddress(@ForAll("addresses") Address address) {
    assertThat(Address.parse(address.text())).isEqualTo(address);
  }

  @Example
  void theBranchIsMainAndTheVersionOpenUnlessNamed() {
    assertThat(Address.parse("flights"))
        .isEqualTo(new Address.Stored("main", "flights", Optional.empty()));
    assertThat(Address.parse("feature/late:flights@2.0.0"))
        .isEqualTo(
            new Address.Stored(
                "feature/late", "flights", Optional.of(new FeatureVersion("2.0.0"))));
    assertThat(Address.parse("flights@1.0.0").text()).isEqualTo("main:flights@1.0.0");
  }

  @Example
  void aRawSourceKeepsItsPathAsWritten() {
    assertThat(Address.parse("parquet:s3a://bucket/a@b:c.parquet"))
        .isEqualTo(new Address.Raw("parquet", "s3a://bucket/a@b:c.parquet"));
    assertThat(Address.parse("delta:../t")).isEqualTo(new Address.Raw("delta", "../t"));
  }

  @Example
  void aSageMakerGroupMayNameTheVersionOfItsRecords() {
    assertThat(Address.parse("sagemaker:flights-v2"))
        .isEqualTo(new Address.SageMaker("flights-v2", Optional.empty()));
    assertThat(Address.parse("sagemaker:flights@1.0.0"))
        .isEqualTo(new Address.SageMaker("flights", Optional.of(new FeatureVersion("1.0.0"))));
  }

  @Example
  void whatIsNoAddressIsRefusedWithTheForms() {
    for (String bad :
        new String[] {
          "",
          " ",
          ":flights",
          "main:",
          "main:@1.0.0",
          "@1.0.0",
          "parquet:",
          "delta: ",
          "/data/x",
          "data/flights.parquet",
          "sagemaker:",
          "sagemaker:@1.0.0",
          "sagemaker:a/b"
        }) {
      assertThatThrownBy(() -> Address.parse(bad))
          .as(bad)
          .isInstanceOfSatisfying(
              FsMigrateException.class,
              e -> {
                assertThat(e.code()).isEqualTo("INVALID_ADDRESS");
                assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              })
          .hasMessageStartingWith(bad + ": not an address")
          .hasMessageContaining("[BRANCH:]GROUP[@VERSION]");
    }
  }

  @Example
  void aVersionThatIsNoneIsNamed() {
    for (String version : new String[] {"", "1", "1.0", "v1.0.0", "1.0.0@2.0.0"}) {
      assertThatThrownBy(() -> Address.parse("flights@" + version))
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining(version);
    }
  }

  @Example
  void aTargetIsAFeatureGroup() {
    assertThat(Address.parseTarget("flights@1.0.0").group()).isEqualTo("flights");
    assertThatThrownBy(() -> Address.parseTarget("parquet:/data"))
        .hasMessageContaining("a target is a feature group, not a path");
  }

  @Provide
  Arbitrary<Address> addresses() {
    Arbitrary<String> name =
        Arbitraries.strings().withCharRange('a', 'z').numeric().withChars("_-").ofMinLength(1);
    // A branch cannot have the name of a raw source's format.
    Arbitrary<String> branch =
        Combinators.combine(Arbitraries.of("feature/", "hotfix/", "x"), name).as(String::concat);
    Arbitrary<Optional<FeatureVersion>> version =
        Combinators.combine(
                Arbitraries.integers().between(0, 99),
                Arbitraries.integers().between(0, 99),
                Arbitraries.integers().between(0, 99))
            .as((a, b, c) -> new FeatureVersion("%d.%d.%d".formatted(a, b, c)))
            .optional();
    Arbitrary<Address> stored = Combinators.combine(branch, name, version).as(Address.Stored::new);
    Arbitrary<Address> raw =
        Combinators.combine(
                Arbitraries.of("parquet", "delta"),
                Arbitraries.strings().ascii().ofMinLength(1).filter(path -> !path.isBlank()))
            .as(Address.Raw::new);
    return Arbitraries.oneOf(stored, raw);
  }
}
