package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.offline.PinnedFile;
import io.fsmigrate.state.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Small JSON files and listings of one directory, by Hadoop. A file is complete or not there on
 * object stores; elsewhere half of one is no JSON and counts as not there.
 */
final class RunFiles {
  private final Path root;
  private final Configuration hadoop;
  private final Json json = new Json();

  RunFiles(String root, Configuration hadoop) {
    this.root = new Path(root);
    this.hadoop = hadoop;
  }

  /**
   * The id of the run that a directory belongs to: its last name. What is removed is found by it,
   * so that it must not be empty.
   */
  static String run(Path directory) {
    // A Path made of a URI keeps the URI's last slash.
    String run = new Path(directory.toString()).getName();
    if (run.isEmpty()) {
      throw new IllegalArgumentException(directory + " names no run");
    }
    return run;
  }

  /** The address of something in it. */
  String path(String name) {
    return new Path(root, name).toString();
  }

  <T> Optional<T> read(String name, Class<T> type) {
    Path file = new Path(root, name);
    try (FSDataInputStream in = fs().open(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.endsWith("\n")
          ? Optional.of(json.read(file.toString(), text, type))
          : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(file.toString(), e);
    }
  }

  void write(String name, Object value) {
    Path file = new Path(root, name);
    try (FSDataOutputStream out = fs().create(file, true)) {
      out.write((json.compact(value) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(file.toString(), e);
    }
  }

  /** Names of what is in it; nothing where it is not there. */
  List<String> names() {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus child : fs().listStatus(root)) {
        names.add(child.getPath().getName());
      }
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(root.toString(), e);
    }
  }

  /** Data files of a directory in it, by path; whatever their names end with. */
  List<PinnedFile> files(String name) {
    Path directory = new Path(root, name);
    try {
      List<PinnedFile> files = new ArrayList<>();
      for (FileStatus child : fs().listStatus(directory)) {
        String file = child.getPath().getName();
        if (child.isFile()
            && child.getLen() > 0
            && !file.startsWith("_")
            && !file.startsWith(".")) {
          files.add(PinnedFile.of(child));
        }
      }
      files.sort(Comparator.comparing(PinnedFile::path));
      return files;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(directory.toString(), e);
    }
  }

  /** Removes a file, or a directory with all that is in it. */
  void remove(String name) {
    Path path = new Path(root, name);
    try {
      fs().delete(path, true);
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(path.toString(), e);
    }
  }

  /** Removes the directory itself. */
  void removeAll() {
    try {
      fs().delete(root, true);
    } catch (IOException e) {
      throw SageMakerSourceErrors.io(root.toString(), e);
    }
  }

  private FileSystem fs() throws IOException {
    return root.getFileSystem(hadoop);
  }
}
