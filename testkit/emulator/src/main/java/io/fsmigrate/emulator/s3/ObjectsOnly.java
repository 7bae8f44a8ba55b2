package io.fsmigrate.emulator.s3;

import java.util.ArrayList;
import java.util.List;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.BlobMetadata;
import org.jclouds.blobstore.domain.PageSet;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.domain.internal.PageSetImpl;
import org.jclouds.blobstore.options.GetOptions;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.jclouds.blobstore.util.ForwardingBlobStore;

/**
 * A store of files that shows no directories. To S3 a directory is nothing but a part of keys, or
 * an empty object whose key ends in a slash; clients such as Hadoop's tell the two apart.
 */
final class ObjectsOnly extends ForwardingBlobStore {
  ObjectsOnly(BlobStore files) {
    super(files);
  }

  @Override
  public BlobMetadata blobMetadata(String container, String name) {
    return isDirectory(container, name) ? null : delegate().blobMetadata(container, name);
  }

  @Override
  public boolean blobExists(String container, String name) {
    return !isDirectory(container, name) && delegate().blobExists(container, name);
  }

  @Override
  public Blob getBlob(String container, String name) {
    return getBlob(container, name, GetOptions.NONE);
  }

  @Override
  public Blob getBlob(String container, String name, GetOptions options) {
    return isDirectory(container, name) ? null : delegate().getBlob(container, name, options);
  }

  private boolean isDirectory(String container, String name) {
    if (name.endsWith("/")) {
      return false;
    }
    return isDirectory(delegate().blobMetadata(container, name));
  }

  private static boolean isDirectory(BlobMetadata metadata) {
    return metadata != null
        && "application/x-directory".equals(metadata.getContentMetadata().getContentType());
  }

  @Override
  public PageSet<? extends StorageMetadata> list(String container) {
    return list(container, ListContainerOptions.NONE);
  }

  @Override
  public PageSet<? extends StorageMetadata> list(String container, ListContainerOptions options) {
    PageSet<? extends StorageMetadata> page = delegate().list(container, options);
    boolean flat = options.getDelimiter() == null;
    List<StorageMetadata> objects = new ArrayList<>();
    for (StorageMetadata entry : page) {
      if (!flat || entry.getSize() != null) {
        objects.add(entry);
      }
    }
    String prefix = options.getPrefix();
    if (objects.isEmpty()
        && page.getNextMarker() == null
        && prefix != null
        && prefix.endsWith("/")) {
      // The empty object that stands for a directory without anything in it.
      BlobMetadata marker = delegate().blobMetadata(container, prefix);
      // Asked for a file, the store overlooks the slash.
      if (isDirectory(marker)) {
        objects.add(marker);
      }
    }
    return new PageSetImpl<>(objects, page.getNextMarker());
  }
}
