package io.fsmigrate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryListingTest {
  @TempDir private Path root;

  @Test
  void showsWhatCameWentAndChanged() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/same"), "same");
    Files.writeString(root.resolve("a/changed"), "one");
    Files.writeString(root.resolve("a/gone"), "x");
    DirectoryListing before = DirectoryListing.of(root);
    assertThat(DirectoryListing.of(root)).isEqualTo(before);
    assertThat(DirectoryListing.of(root).differencesFrom(before)).isEmpty();

    Files.writeString(root.resolve("a/changed"), "two");
    Files.delete(root.resolve("a/gone"));
    Files.createDirectory(root.resolve("c"));
    DirectoryListing after = DirectoryListing.of(root);
    assertThat(after).isNotEqualTo(before);
    assertThat(after.differencesFrom(before))
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("* a/changed: was 3 bytes, sha-256 "),
            line -> assertThat(line).startsWith("- a/gone: 1 bytes, sha-256 2d711642"),
            line -> assertThat(line).isEqualTo("+ c: directory"));
  }

  @Test
  void listsAMissingPathAsEmptyAndAFileAsItself() throws IOException {
    assertThat(DirectoryListing.of(root.resolve("none")).entries()).isEmpty();
    Path file = Files.writeString(root.resolve("file"), "x");
    assertThat(DirectoryListing.of(file).entries()).containsOnlyKeys(".");
  }

  @Test
  void doesNotFollowLinks() throws IOException {
    Files.createSymbolicLink(root.resolve("loop"), root);
    assertThat(DirectoryListing.of(root).entries()).containsEntry("loop", "link to " + root);
  }
}
