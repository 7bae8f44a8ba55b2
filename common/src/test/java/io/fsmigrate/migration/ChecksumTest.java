package io.fsmigrate.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class ChecksumTest {
  private static final FeatureVersion ONE = new FeatureVersion("1.0.0");
  private static final FeatureVersion TWO = new FeatureVersion("2.0.0");

  @Example
  void isVersionedAndPinned() {
    // A change of this value makes every registered migration look changed: raise the version.
    assertThat(steps("", new Step.Rename("a", "b")).checksum())
        .isEqualTo("v1:c39eedc1eab6bd067d978b0ffae4fc7d9d51a8a980acfabdebeac51b262269c7");
  }

  @Example
  void theDescriptionDoesNotCountAndEverythingElseDoes() {
    Migration base = steps("x", new Step.Rename("a", "b"), new Step.Drop("c"));

    assertThat(steps("y", new Step.Rename("a", "b"), new Step.Drop("c")).checksum())
        .isEqualTo(base.checksum());
    assertThat(
            List.of(
                steps("x", new Step.Drop("c"), new Step.Rename("a", "b")),
                steps("x", new Step.Rename("b", "a"), new Step.Drop("c")),
                steps("x", new Step.Rename("a", "b")),
                new DeclarativeMigration("h", ONE, TWO, "x", ((DeclarativeMigration) base).steps()),
                new DeclarativeMigration(
                    "g", TWO, ONE, "x", ((DeclarativeMigration) base).steps())))
        .extracting(Migration::checksum)
        .doesNotHaveDuplicates()
        .doesNotContain(base.checksum());
  }

  @Example
  void anAliasOfATypeIsTheSameType() {
    assertThat(steps("", new Step.Cast("a", FeatureType.parse("int32"))).checksum())
        .isEqualTo(steps("", new Step.Cast("a", FeatureType.parse("INT"))).checksum());
  }

  @Property
  void valuesNeverRunIntoEachOther(
      @ForAll @StringLength(max = 4) @Chars({'a', ' ', ':', '1', '\n'}) String a,
      @ForAll @StringLength(max = 4) @Chars({'a', ' ', ':', '1', '\n'}) String b,
      @ForAll @StringLength(max = 4) @Chars({'a', ' ', ':', '1', '\n'}) String c,
      @ForAll @StringLength(max = 4) @Chars({'a', ' ', ':', '1', '\n'}) String d) {
    boolean same =
        steps("", new Step.Rename(a, b))
            .checksum()
            .equals(steps("", new Step.Rename(c, d)).checksum());

    assertThat(same).isEqualTo(a.equals(c) && b.equals(d));
  }

  @Example
  void lineEndsAndBlanksAtLineEndsOfASqlFileAreFree() {
    String sql = "SELECT a, -- it's\n  b /* don't \n */\nFROM source";

    assertThat(sql("SELECT a, -- it's  \r\n  b /* don't\t\r\n */ \r\nFROM source  \r\n\r\n"))
        .extracting(SqlMigration::checksum)
        .isEqualTo(sql(sql).checksum());
    assertThat(sql("SELECT\r\na\rb").sql()).isEqualTo("SELECT\na\nb");
  }

  @Example
  void blanksInsideQuotesCount() {
    assertThat(sql("SELECT 'a \nb'").checksum()).isNotEqualTo(sql("SELECT 'a\nb'").checksum());
    assertThat(sql("SELECT 'it\\'s \nb'").checksum())
        .isNotEqualTo(sql("SELECT 'it\\'s\nb'").checksum());
    assertThat(sql("SELECT r'\\', 'x \ny'").checksum())
        .isNotEqualTo(sql("SELECT r'\\', 'x\ny'").checksum());
    assertThat(sql("SELECT `a \nb`").checksum()).isNotEqualTo(sql("SELECT `a\nb`").checksum());
    assertThat(sql("SELECT 'open").checksum()).isNotEqualTo(sql("SELECT 'opem").checksum());
  }

  @Example
  void anEmptySqlFileIsRefused() {
    assertThatThrownBy(() -> sql(" \n"))
        .hasMessage("x.sql: no query in it; write one SELECT over the view source");
  }

  private static DeclarativeMigration steps(String description, Step... steps) {
    return new DeclarativeMigration("g", ONE, TWO, description, List.of(steps));
  }

  private static SqlMigration sql(String sql) {
    return new SqlMigration("g", ONE, TWO, "", sql, "x.sql");
  }
}
