package io.fsmigrate.emulator.s3;

import com.google.common.collect.ImmutableSet;
import com.google.inject.Module;
import io.fsmigrate.emulator.auth.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/** S3 over a directory: a bucket is a directory in it, an object a plain file. */
public final class ObjectStore implements AutoCloseable {
  private static final int MAX_SKEW_SECONDS = 15 * 60;
  private static final int THREADS = 32;

  private final Path directory;
  private final BlobStoreContext context;
  private final S3Proxy server;

  private ObjectStore(Path directory, BlobStoreContext context, S3Proxy server) {
    this.directory = directory;
    this.context = context;
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param port 0 for any free one
   * @param directory of the buckets; made unless it is there
   */
  public static ObjectStore start(int port, Path directory, Credentials credentials) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + directory, e);
    }
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", directory.toString());
    BlobStoreContext context =
        ContextBuilder.newBuilder(new FilesystemNio2BlobApiMetadata())
            .credentials("local", "local")
            .modules(ImmutableSet.<Module>of())
            .overrides(properties)
            .buildView(BlobStoreContext.class);
    BlobStore blobs = new ObjectsOnly(context.getBlobStore());
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(blobs)
            .awsAuthentication(AuthenticationType.AWS_V4, "unused", "unused")
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .maximumTimeSkew(MAX_SKEW_SECONDS)
            .jettyMaxThreads(THREADS)
            .ignoreUnknownHeaders(true)
            .build();
    server.setBlobStoreLocator(
        (identity, container, blob) ->
            credentials.secret(identity).map(secret -> Map.entry(secret, blobs)).orElse(null));
    try {
      server.start();
    } catch (Exception e) {
      context.close();
      throw new IllegalStateException("Cannot serve S3 on port " + port, e);
    }
    return new ObjectStore(directory, context, server);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /** Makes a bucket unless it is there. */
  public void ensureBucket(String bucket) {
    context.getBlobStore().createContainerInLocation(null, bucket);
  }

  /** Writes a file as an object; readers see all of it or nothing. */
  public void put(String bucket, String key, Path file) {
    ensureBucket(bucket);
    BlobStore blobs = context.getBlobStore();
    blobs.putBlob(bucket, blobs.blobBuilder(key).payload(file.toFile()).build());
  }

  /** The directory that holds the objects of a bucket under a prefix that ends in a slash. */
  public Path path(String bucket, String prefix) {
    return directory.resolve(bucket).resolve(prefix);
  }

  /** The files of the objects of a bucket under a prefix that ends in a slash. */
  public List<Path> files(String bucket, String prefix) {
    Path top = path(bucket, prefix);
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(top)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + top, e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3 did not stop", e);
    } finally {
      context.close();
    }
  }
}
