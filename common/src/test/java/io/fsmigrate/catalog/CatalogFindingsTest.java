package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a configuration is told with its place, its full key and what to do. */
class CatalogFindingsTest {
  private static final String GROUP =
      "feature-groups.g { record-identifier = id, event-time = at, versions.\"1.0.0\" {"
          + " features = [\"id: string\", \"at: timestamp\"] } }\n";
  private static final String STEP =
      GROUP + "migrations = [{ group = g, from = raw, to = \"1.0.0\", steps = [ %s ] }]";

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "run { bach-size = 5 }|UNKNOWN_KEY|fs-migrate.run.bach-size: unknown key; did you mean batch-size? (keys here: batch-size,",
        "warehous = x|UNKNOWN_KEY|fs-migrate.warehous: unknown key; did you mean warehouse?",
        "warehouse = [x]|WRONG_TYPE|fs-migrate.warehouse: must be a text, found list",
        "warehouse = \"\"|MISSING_KEY|fs-migrate.warehouse: must not be empty",
        "run = 5|WRONG_TYPE|fs-migrate.run: must be an object { ... }, found number 5",
        "run { batch-size = 1.5 }|WRONG_TYPE|run.batch-size: must be a whole number, found number 1.5",
        "run { batch-size = 0 }|OUT_OF_RANGE|run.batch-size: must be from 1 to 2147483647, found 0",
        "run { unit-bytes = big }|WRONG_TYPE|run.unit-bytes: must be a size such as 128MiB, found string big",
        "run { unit-bytes = 0 }|OUT_OF_RANGE|run.unit-bytes: must be more than 0 bytes",
        "run { max-failures = lots }|INVALID_MAX_FAILURES|run.max-failures: lots: not a limit of failures",
        "feature-groups { \"a.b\" { versions {} } }|INVALID_NAME|fs-migrate.feature-groups.\"a.b\": not a name",
        "feature-groups.g { }|MISSING_KEY|fs-migrate.feature-groups.g.versions: missing; add versions = ...",
        "feature-groups.g { versions.1.0.0 { } }|INVALID_VERSION|quote it: versions.\"1.0.0\"",
        "feature-groups.g { versions.raw { } }|INVALID_VERSION|raw is the version of bare files",
        "feature-groups.g { versions.v1 { } }|INVALID_VERSION|v1: not a feature version",
        "feature-groups.g { versions.\"1.0.0\" { record-identifier = a, event-time = b } }|MISSING_KEY|versions.\"1.0.0\".features: missing",
        "feature-groups.g { versions.\"1.0.0\" { features = [\"a: int\"], event-time = a } }|INVALID_CONFIGURATION|versions.\"1.0.0\".record-identifier: missing",
        "online-stores.o { path = x }|MISSING_KEY|fs-migrate.online-stores.o.type: missing; add type = ...",
        "online-stores.o { type = t, password = [hush] }|WRONG_TYPE|online-stores.o.password: must be a text, found list",
        "online-stores = [a]|WRONG_TYPE|fs-migrate.online-stores: must be an object { ... }, found list",
        "migrations = x|WRONG_TYPE|fs-migrate.migrations: must be a list [ ... ], found string x",
        "migrations = [5]|WRONG_TYPE|fs-migrate.migrations[0]: must be an object { ... }, found number 5"
      })
  void findsWhatIsWrongWithSections(String inside, String code, String message) throws IOException {
    if (code.equals("INVALID_CONFIGURATION")) {
      assertThat(refusal(inside)).hasMessageContaining(message);
    } else {
      assertRefused(inside, code, message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "id: string|it: string|UNKNOWN_FEATURE|versions.\"1.0.0\".record-identifier: id: not a feature of this version; did you mean it? (features: it, at)",
        "id: string|id: double|WRONG_FEATURE_TYPE|record-identifier: id: is double, must be one of tinyint, smallint, int, bigint, string",
        "at: timestamp|at: string|WRONG_FEATURE_TYPE|event-time: at: is string, must be one of date, timestamp, timestamp_ntz",
        "id: string|id: strin|UNKNOWN_TYPE|features[0]: strin: not a feature type; did you mean string?",
        "id: string|id|WRONG_TYPE|features[0]: must be \"name: type\"",
        "at: timestamp|ID: int|DUPLICATE_FEATURE|features: ID: the feature is there twice",
        "at: timestamp|at: timestamp\",\"__fs_x: int|INVALID_NAME|features[2]: __fs_x: a reserved name",
        "at: timestamp|at: timestamp\",\"Write_Time: int|INVALID_NAME|features[2]: Write_Time: a reserved name",
        "at: timestamp|at: timestamp\",\"a b: int|INVALID_NAME|features[2]: a b: not a name",
        "\"at: timestamp\"] }|\"at: timestamp\"], contract = [{ name = r, rule = \"id > 1\", feature = idd }] }|UNKNOWN_FEATURE|contract: idd: not a feature of this version; did you mean id?",
        "\"at: timestamp\"] }|\"at: timestamp\"], contract = [{ name = r, rule = a }, { name = r, rule = b }] }|DUPLICATE_RULE|contract[1]: r: the rule is there twice",
        "\"at: timestamp\"] }|\"at: timestamp\"], contract = [{ nam = r, rule = a, name = s }] }|UNKNOWN_KEY|contract[0].nam: unknown key; did you mean name?",
        "\"at: timestamp\"] }|\"at: timestamp\"], online-stores = [oo] }|UNKNOWN_ONLINE_STORE|versions.\"1.0.0\".online-stores: oo: unknown online store (online stores: none)"
      })
  void findsWhatIsWrongWithAVersion(String from, String to, String code, String message)
      throws IOException {
    assertRefused(GROUP.replace(from, to), code, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ renam { from = a, to = b } }|UNKNOWN_KEY|migrations[0].steps[0]: renam: unknown step; did you mean rename?",
        "{ drop = a, filter = b }|INVALID_STEP|a step has one key",
        "{ rename { from = a } }|MISSING_KEY|migrations[0].steps[0].rename.to: missing",
        "{ drop = a }, { drop { name = a } }|WRONG_TYPE|steps[1].drop: must be a text, found object",
        "{ cast { name = a, type = itn } }|UNKNOWN_TYPE|steps[0].cast.type: itn: not a feature type; did you mean int?",
        "{ add { name = a, type = int } }|INVALID_STEP|steps[0].add: add a: give either default",
        "{ add { name = a, type = int, default = x } }|INVALID_STEP|the default x is no value of int",
        "{ set { name = a, expr = x } }|MISSING_KEY|steps[0].set.expression: missing"
      })
  void findsWhatIsWrongWithAStep(String step, String code, String message) throws IOException {
    FsMigrateException refusal = refusal(STEP.formatted(step));

    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.code()).isIn(code, "INVALID_CONFIGURATION");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "from = raw|from = 1|INVALID_VERSION|migrations[0].from: 1: not a feature version",
        "from = raw|from = \"1.0.1\"|UNKNOWN_VERSION|migrations[0].from: g@1.0.1: unknown feature version; did you mean 1.0.0? (versions: 1.0.0)",
        "group = g|group = h|UNKNOWN_FEATURE_GROUP|migrations[0].group: h: unknown feature group",
        "steps = [ { drop = a } ]|description = x|INVALID_MIGRATION|needs either steps = [ ... ] or sql-file",
        "steps = [ { drop = a } ]|sql-file = missing.sql|MISSING_FILE|missing.sql: cannot be read; a relative path counts from",
        "from = raw|from = \"1.0.0\"|MIGRATION_LOOP|g:1.0.0->1.0.0: this migration ends where it starts",
        "from = raw|form = raw, from = raw|UNKNOWN_KEY|migrations[0].form: unknown key; did you mean from?"
      })
  void findsWhatIsWrongWithAMigration(String from, String to, String code, String message)
      throws IOException {
    assertRefused(STEP.formatted("{ drop = a }").replace(from, to), code, message);
  }

  @Test
  void anEmptySqlFileIsFound() throws IOException {
    Files.writeString(dir.resolve("e.sql"), " \n");

    assertRefused(
        STEP.formatted("").replace("steps = [  ]", "sql-file = e.sql"),
        "EMPTY_SQL",
        "migrations[0].sql-file: e.sql: no query in it");
  }

  @Test
  void tellsThreeFindingsAndCountsTheOthers() throws IOException {
    FsMigrateException refusal = refusal("a1 = 1\na2 = 1\na3 = 1\na4 = 1\nrun.min-units = -1");

    assertThat(refusal.code()).isEqualTo("INVALID_CONFIGURATION");
    assertThat(refusal.getMessage().lines()).hasSize(3);
    assertThat(refusal.getMessage())
        .contains("x.conf:6: fs-migrate.run.min-units")
        .endsWith(" (and 2 more)");
  }

  @Test
  void aSecretIsNotShown() throws IOException {
    assertThat(refusal("online-stores.o { type = t, password = [hush] }"))
        .hasMessageNotContaining("hush");
  }

  @Test
  void aWrongRootKeyIsFoundAndOthersAreFree() throws IOException {
    Path file = Files.writeString(dir.resolve("x.conf"), "mine = 1\nfs-migrat { }\n");

    assertThat(refusal(Optional.of(file), Map.of()))
        .hasMessage(file + ":2: fs-migrat: unknown key; did you mean fs-migrate?");
  }

  @Test
  void aRootThatIsNoObjectIsFound() throws IOException {
    Path file = Files.writeString(dir.resolve("x.conf"), "fs-migrate = 5\n");

    assertThat(refusal(Optional.of(file), Map.of()))
        .hasMessage(file + ":1: fs-migrate: must be an object { ... }");
  }

  @Test
  void aFileThatIsMissingOrNotHoconIsNamed() throws IOException {
    Path missing = dir.resolve("none.conf");
    Path broken = Files.writeString(dir.resolve("broken.conf"), "a = {\n");

    assertThat(refusal(Optional.of(missing), Map.of()))
        .hasMessageStartingWith(missing + ": no such configuration file");
    assertThat(refusal(Optional.of(broken), Map.of()))
        .hasMessageStartingWith(broken + ": not HOCON: ");
    assertThat(refusal(Optional.of(dir), Map.of()))
        .hasMessageStartingWith(dir + ": cannot be read");
  }

  @Test
  void aVariableThatIsNotSetIsNamed() throws IOException {
    assertThat(refusal("warehouse = ${NOT_THERE}").getMessage())
        .contains("NOT_THERE")
        .contains("write ${?NAME} for optional");
  }

  @Test
  void aSetThatIsNoKeyOrNotHoconIsNamed() {
    assertThat(refusal(Optional.empty(), Map.of("run..x", "1")))
        .hasMessageStartingWith("--set run..x: not a key");
    assertThat(refusal(Optional.empty(), Map.of("migrations", "[{")))
        .hasMessageStartingWith("--set migrations: not HOCON");
    assertThat(refusal(Optional.empty(), Map.of("run.bach-size", "1")))
        .hasMessageStartingWith(
            "--set: fs-migrate.run.bach-size: unknown key; did you mean batch-size?");
  }

  private void assertRefused(String inside, String code, String message) throws IOException {
    FsMigrateException refusal = refusal(inside);

    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal).hasMessageStartingWith(dir.resolve("x.conf") + ":");
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
  }

  private FsMigrateException refusal(String inside) throws IOException {
    Path file = Files.writeString(dir.resolve("x.conf"), "fs-migrate {\n" + inside + "\n}\n");
    return refusal(Optional.of(file), Map.of());
  }

  private static FsMigrateException refusal(Optional<Path> file, Map<String, String> sets) {
    FsMigrateException refusal =
        catchThrowableOfType(
            FsMigrateException.class, () -> CatalogLoader.load(file, sets, Map.of()));
    assertThat(refusal).isNotNull();
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
    return refusal;
  }
}
