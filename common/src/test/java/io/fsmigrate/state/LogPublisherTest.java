package io.fsmigrate.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every publisher promises, on both. */
class LogPublisherTest {
  @TempDir Path directory;

  private final List<LogPublisher> publishers =
      List.of(new LocalLogPublisher(), new RenameLogPublisher(new Configuration()));

  @Test
  void theFirstToPublishANameHasIt() throws IOException {
    for (LogPublisher publisher : publishers) {
      Path own = Files.createDirectory(directory.resolve(publisher.getClass().getSimpleName()));
      Path target = own.resolve("1.json");
      publisher.publish("file:" + target, "first".getBytes(UTF_8));

      assertThatThrownBy(() -> publisher.publish("file:" + target, "second".getBytes(UTF_8)))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(target).hasContent("first");
      assertThat(own).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    }
  }

  @Test
  void aDirectoryThatIsMissingIsNotAConflict() {
    Path target = directory.resolve("missing/1.json");

    assertThatThrownBy(() -> publishers.get(0).publish("file:" + target, new byte[1]))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileAlreadyExistsException.class);
  }
}
