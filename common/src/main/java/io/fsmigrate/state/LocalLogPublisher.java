package io.fsmigrate.state;

import java.io.IOException;
import java.nio.file.Path;

/** Publishes by hard link, which fails atomically when the name is taken. */
final class LocalLogPublisher implements LogPublisher {
  @Override
  public void publish(String path, byte[] content) throws IOException {
    Path target = LocalFiles.path(path);
    Path temporary = LocalFiles.temporary(target);
    LocalFiles.write(temporary, content);
    LocalFiles.link(temporary, target);
  }
}
