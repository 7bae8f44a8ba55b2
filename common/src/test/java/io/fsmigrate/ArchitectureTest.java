package io.fsmigrate;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.MigrationFunction;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.RangedParquetFormat;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.run.FailedRecordReader;
import io.fsmigrate.run.RunSession;

/** The layers of the library, and where each outside world may be known. */
@AnalyzeClasses(
    packages = {
      "io.fsmigrate.error",
      "io.fsmigrate.feature",
      "io.fsmigrate.compat",
      "io.fsmigrate.migration",
      "io.fsmigrate.state",
      "io.fsmigrate.branch",
      "io.fsmigrate.offline",
      "io.fsmigrate.online",
      "io.fsmigrate.catalog",
      "io.fsmigrate.run"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.fsmigrate.";

  @ArchTest static final ArchRule errorUsesNothing = layer("error");
  @ArchTest static final ArchRule feature = layer("feature", "error");
  @ArchTest static final ArchRule compat = layer("compat", "error", "feature");

  @ArchTest static final ArchRule migration = layer("migration", "error", "feature", "compat");

  @ArchTest static final ArchRule state = layer("state", "error", "feature", "compat");

  @ArchTest static final ArchRule branch = layer("branch", "error", "feature", "compat", "state");

  @ArchTest
  static final ArchRule offline =
      layer("offline", "error", "feature", "compat", "migration", "state");

  @ArchTest static final ArchRule online = layer("online", "error", "feature", "compat");

  @ArchTest
  static final ArchRule catalog =
      layer("catalog", "error", "feature", "compat", "migration", "online");

  /** The catalog knows what an online store is called, not how it works. */
  @ArchTest
  static final ArchRule theCatalogDefinesOnlineStoresAndOpensNone =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "catalog..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT + "online..")
                  .and(not(OnlineStoreDefinition.class, OnlineStores.class)));

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("io.fsmigrate.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sparkIsKnownToFewLayers =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "error..",
              ROOT + "feature..",
              ROOT + "compat..",
              ROOT + "state..",
              ROOT + "branch..",
              ROOT + "online..",
              ROOT + "catalog..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule migrationsAreValuesButForThoseWrittenInJava =
      noClasses()
          .that(
              resideInAPackage(ROOT + "migration..")
                  .and(not(MigrationFunction.class, JavaMigration.class)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  /** Failed records are written by Spark and read by a command that starts none. */
  @ArchTest
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
  @ArchTest
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
                      DeltaSource.class.getName(),
                      RangedParquetFormat.class.getName(),
                      RowMeter.class.getName(),
                      RunSession.class.getName(),
                      ROOT + "run.OnlinePhase",
                      ROOT + "run.BucketTask")))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.apache.spark.sql.classic..",
                  "org.apache.spark.sql.catalyst..",
                  "org.apache.spark.sql.execution..",
                  "org.apache.spark.sql.delta.."));

  @ArchTest
  static final ArchRule deltasInternalsAreInOneClass =
      noClasses()
          .that()
          .doNotBelongToAnyOf(DeltaSource.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark.sql.delta..");

  @ArchTest
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

  @ArchTest
  static final ArchRule publicFieldsAreFinal = fields().that().arePublic().should().beFinal();

  @ArchTest static final ArchRule noStaticState = fields().that().areStatic().should().beFinal();

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
