package io.fsmigrate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.MigrationFunction;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.RangedParquetFormat;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.restraint.RestraintPlugin;
import io.fsmigrate.run.FailedRecordReader;
import io.fsmigrate.run.RunSession;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The layers of the library, and where each outside world may be known. */
class ArchitectureTest {
  private static final String ROOT = "io.fsmigrate.";
  private static final String RESTRAINT = ROOT + "online.restraint.";

  static final ArchRule errorUsesNothing = layer("error");
  static final ArchRule feature = layer("feature", "error");
  static final ArchRule compat = layer("compat", "error", "feature");

  static final ArchRule migration = layer("migration", "error", "feature", "compat");

  static final ArchRule state = layer("state", "error", "feature", "compat");

  static final ArchRule branch = layer("branch", "error", "feature", "compat", "state");

  static final ArchRule sagemaker = layer("sagemaker", "error", "feature");

  static final ArchRule offline =
      layer("offline", "error", "feature", "compat", "migration", "state", "sagemaker");

  static final ArchRule online = layer("online", "error", "feature", "compat", "sagemaker");

  static final ArchRule verify =
      layer(
          "verify",
          "error",
          "feature",
          "compat",
          "migration",
          "state",
          "sagemaker",
          "offline",
          "online");

  /** How to hold back is one thing, what is written to which store another. */
  static final ArchRule restraintKnowsNoStore = layer("online.restraint", "error");

  static final ArchRule catalog =
      layer("catalog", "error", "feature", "compat", "migration", "online", "sagemaker");

  /** The catalog knows what an online store is called, not how it works. */
  static final ArchRule theCatalogDefinesOnlineStoresAndOpensNone =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "catalog..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT + "online..")
                  .and(not(OnlineStoreDefinition.class, OnlineStores.class)));

  static final ArchRule noCycles =
      slices().matching("io.fsmigrate.(*)..").should().beFreeOfCycles();

  static final ArchRule sparkIsKnownToFewLayers =
      noClasses()
          .that(
              resideInAnyPackage(
                      ROOT + "error..",
                      ROOT + "feature..",
                      ROOT + "compat..",
                      ROOT + "state..",
                      ROOT + "branch..",
                      ROOT + "online..",
                      ROOT + "catalog..")
                  .and(not(RestraintPlugin.class))
                  .and(DescribedPredicate.not(named(RESTRAINT + "SparkPlace"))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  static final ArchRule migrationsAreValuesButForThoseWrittenInJava =
      noClasses()
          .that(
              resideInAPackage(ROOT + "migration..")
                  .and(not(MigrationFunction.class, JavaMigration.class)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  /** Failed records are written by Spark and read by a command that starts none. */
  static final ArchRule kernelIsForState =
      noClasses()
          .that(
              resideInAPackage("io.fsmigrate..")
                  .and(DescribedPredicate.not(resideInAPackage(ROOT + "state..")))
                  .and(not(FailedRecordReader.class)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.delta.kernel..");

  /** What Spark and Delta do not promise to keep is known in these places only. */
  static final ArchRule internalsOfSparkAreInNamedClasses =
      noClasses()
          .that(
              DescribedPredicate.not(
                  named(
                      ROOT + "offline.transform.Catalyst",
                      ROOT + "offline.transform.LosslessCast",
                      ROOT + "offline.transform.FilterQuery",
                      ROOT + "offline.transform.SegmentBuilder",
                      ROOT + "offline.transform.SqlCompiler",
                      ROOT + "offline.sagemaker.Pushdown",
                      DeltaSource.class.getName(),
                      ROOT + "offline.DeltaVersions",
                      RangedParquetFormat.class.getName(),
                      RowMeter.class.getName(),
                      RunSession.class.getName(),
                      ROOT + "run.ServedTable",
                      ROOT + "run.BucketTask")))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.apache.spark.sql.classic..",
                  "org.apache.spark.sql.catalyst..",
                  "org.apache.spark.sql.execution..",
                  "org.apache.spark.sql.delta.."));

  static final ArchRule deltasInternalsAreInOnePlace =
      noClasses()
          .that(
              DescribedPredicate.not(
                  named(DeltaSource.class.getName(), ROOT + "offline.DeltaVersions")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark.sql.delta..");

  static final ArchRule nothingEndsTheProcessOrPrints =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  static final ArchRule publicFieldsAreFinal = fields().that().arePublic().should().beFinal();

  static final ArchRule noStaticState = fields().that().areStatic().should().beFinal();

  /** Every rule of this class, as a test of its own name. */
  @TestFactory
  Stream<DynamicTest> rules() {
    JavaClasses library =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit/"))
            .importPackages("io.fsmigrate");
    assertThat(library).hasSizeGreaterThan(150);
    List<Field> rules =
        Stream.of(ArchitectureTest.class.getDeclaredFields())
            .filter(field -> field.getType() == ArchRule.class)
            .toList();
    assertThat(rules).hasSize(22);
    return rules.stream()
        .map(rule -> dynamicTest(rule.getName(), () -> ((ArchRule) rule.get(null)).check(library)));
  }

  /** What is outside the library may be used; within it, the layers that are named. */
  private static ArchRule layer(String name, String... below) {
    String[] allowed = new String[below.length + 1];
    allowed[0] = ROOT + name + "..";
    for (int i = 0; i < below.length; i++) {
      allowed[i + 1] = ROOT + below[i] + "..";
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(resideInAPackage("io.fsmigrate.."))
                .or(resideInAnyPackage(allowed)));
  }

  private static DescribedPredicate<JavaClass> not(Class<?>... types) {
    String[] names = new String[types.length];
    for (int i = 0; i < types.length; i++) {
      names[i] = types[i].getName();
    }
    return DescribedPredicate.not(named(names));
  }

  /** These classes and those nested in them. */
  private static DescribedPredicate<JavaClass> named(String... names) {
    return DescribedPredicate.describe(
        "are " + String.join(", ", names),
        type -> {
          for (String name : names) {
            if (type.getName().equals(name) || type.getName().startsWith(name + "$")) {
              return true;
            }
          }
          return false;
        });
  }
}
