package io.fsmigrate.state;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.hadoopio.HadoopInputFile;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Kernel's view of a local disk. Hadoop's own writes a {@code .crc} file beside each file, which
 * several processes tear apart, and forks for permissions; this does neither, and what it finishes
 * writing is on the disk.
 */
final class LocalFileIO implements FileIO {
  private final Configuration configuration;
  private final RawLocalFileSystem reading = new RawLocalFileSystem();

  LocalFileIO(Configuration configuration) throws IOException {
    this.configuration = configuration;
    reading.initialize(reading.getUri(), configuration);
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    Path first = LocalFiles.path(filePath);
    Path directory = first.getParent();
    String from = first.getFileName().toString();
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            directory, entry -> entry.getFileName().toString().compareTo(from) >= 0)) {
      entries.forEach(names::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw notFound(directory, e);
    }
    names.sort(Comparator.comparing(name -> name.getFileName().toString()));
    List<FileStatus> files = new ArrayList<>();
    for (Path name : names) {
      try {
        files.add(status(name));
      } catch (FileNotFoundException e) {
        // Cleaned up since the directory was read: not there is what a later listing would say.
        continue;
      }
    }
    return Utils.toCloseableIterator(files.iterator());
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return status(LocalFiles.path(path));
  }

  private static FileStatus status(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return FileStatus.of(
          "file:" + file, attributes.size(), attributes.lastModifiedTime().toMillis());
    } catch (NoSuchFileException e) {
      throw notFound(file, e);
    }
  }

  /** Kernel knows a missing file by the class of java.io only. */
  private static FileNotFoundException notFound(Path file, IOException cause) {
    FileNotFoundException error = new FileNotFoundException(file + " does not exist");
    error.initCause(cause);
    return error;
  }

  @Override
  public String resolvePath(String path) {
    return "file:" + LocalFiles.path(path).toAbsolutePath().normalize();
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    Files.createDirectories(LocalFiles.path(path));
    return true;
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    // Kernel shares the configuration of Hadoop's input files only; of any other it loads a new one
    // for every file, which takes longer than reading it.
    return new HadoopInputFile(reading, new org.apache.hadoop.fs.Path(path), fileSize);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new LocalOutputFile(path);
  }

  @Override
  public boolean delete(String path) throws IOException {
    return Files.deleteIfExists(LocalFiles.path(path));
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.ofNullable(configuration.get(confKey));
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    publish(LocalFiles.path(destPath), Files.readAllBytes(LocalFiles.path(srcPath)), overwrite);
  }

  private static void publish(Path target, byte[] content, boolean overwrite) throws IOException {
    Path temporary = LocalFiles.temporary(target);
    LocalFiles.write(temporary, content);
    if (overwrite) {
      LocalFiles.replace(temporary, target);
    } else {
      LocalFiles.link(temporary, target);
    }
  }

  private static final class LocalOutputFile implements OutputFile {
    private final String path;

    LocalOutputFile(String path) {
      this.path = path;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public PositionOutputStream create(boolean atomicWrite) throws IOException {
      // A name with a random part needs no atomic publishing, yet a torn file under it must not be
      // taken for a whole one; so every file gets its name last.
      return new PublishedOutput(LocalFiles.path(path));
    }

    @Override
    public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
        throws IOException {
      try (data) {
        StringBuilder text = new StringBuilder();
        data.forEachRemaining(line -> text.append(line).append('\n'));
        publish(LocalFiles.path(path), text.toString().getBytes(StandardCharsets.UTF_8), overwrite);
      }
    }
  }

  /** Writes beside the target and links it into place when closed. */
  private static final class PublishedOutput extends PositionOutputStream {
    private final Path target;
    private final Path temporary;
    private final OutputStream out;
    private long position;
    private boolean whole = true;
    private boolean closed;

    PublishedOutput(Path target) throws IOException {
      this.target = target;
      Files.createDirectories(target.getParent());
      temporary = LocalFiles.temporary(target);
      out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      whole = false;
      out.write(bytes, offset, length);
      position += length;
      whole = true;
    }

    @Override
    public void flush() throws IOException {
      whole = false;
      out.flush();
      whole = true;
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        out.close();
        LocalFiles.sync(temporary);
        // Writers are closed after a failure too; what they got so far must not get the name.
        if (!whole) {
          throw new IOException(target + " was not written to its end");
        }
        Files.createLink(target, temporary);
      } finally {
        LocalFiles.discard(temporary);
      }
      LocalFiles.syncDirectory(target.getParent());
    }
  }
}
