package io.fsmigrate.run;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk under the scheme {@code scarce}, on which there is no more room for some files, or
 * on which everything takes its time. A full disk takes the first bytes of a file, not the rest.
 */
public final class ScarceFileSystem extends RawLocalFileSystem {
  static final URI ROOT = URI.create("scarce:///");

  private static final AtomicReference<Optional<Pattern>> FULL_FOR =
      new AtomicReference<>(Optional.empty());
  private static final AtomicInteger REFUSED = new AtomicInteger();
  private static final AtomicInteger PAUSE_MILLIS = new AtomicInteger();

  /** From now on there is no room for files whose path has something like this in it. */
  static void fillFor(String part) {
    REFUSED.set(0);
    FULL_FOR.set(Optional.of(Pattern.compile(part)));
  }

  /** From now on each file takes so long to be opened or made. */
  static void slowDown(int millis) {
    PAUSE_MILLIS.set(millis);
  }

  /** There is room again, at once. */
  static void restore() {
    FULL_FOR.set(Optional.empty());
    PAUSE_MILLIS.set(0);
  }

  /** How many writes were refused since it was filled. */
  static int refused() {
    return REFUSED.get();
  }

  /** The same for those who ask by Hadoop's newer interface, as Delta does to write its log. */
  public static final class Context extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public Context(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(ROOT, new ScarceFileSystem(), configuration, "scarce", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "scarce";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    pause();
    return super.open(path, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    pause();
    return super.listStatus(path);
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path path, boolean append, FsPermission permission) throws IOException {
    pause();
    return new Scarce(path, super.createOutputStreamWithMode(path, append, permission));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Scarce extends OutputStream {
    private final Path path;
    private final OutputStream out;

    Scarce(Path path, OutputStream out) {
      this.path = path;
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (FULL_FOR.get().filter(full -> full.matcher(path.toString()).find()).isPresent()) {
        REFUSED.incrementAndGet();
        out.write(bytes, offset, length / 2);
        throw new IOException("No space left on device");
      }
      out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
