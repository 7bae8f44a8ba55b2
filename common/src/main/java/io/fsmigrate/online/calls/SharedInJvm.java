package io.fsmigrate.online.calls;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What tasks of one JVM share, by key: the first to lease it opens it, the last to close its lease
 * closes it. Safe for many threads.
 */
public final class SharedInJvm<K, V extends AutoCloseable> {
  private final Map<K, Shared<V>> open = new HashMap<>();

  /** Takes part in what is there for the key, or opens it. */
  public Lease<V> lease(K key, Function<K, V> opener) {
    synchronized (open) {
      Shared<V> shared = open.get(key);
      if (shared == null) {
        shared = new Shared<>(opener.apply(key));
        open.put(key, shared);
      }
      shared.leases++;
      Shared<V> own = shared;
      return new Lease<>(own.value, () -> giveBack(key, own));
    }
  }

  /** Leases that are not closed. */
  public int leases() {
    synchronized (open) {
      return open.values().stream().mapToInt(shared -> shared.leases).sum();
    }
  }

  private void giveBack(K key, Shared<V> shared) {
    synchronized (open) {
      shared.leases--;
      if (shared.leases > 0) {
        return;
      }
      open.remove(key);
    }
    try {
      shared.value.close();
    } catch (Exception e) {
      throw new IllegalStateException("What was shared cannot be closed", e);
    }
  }

  private static final class Shared<V> {
    private final V value;
    private int leases;

    Shared(V value) {
      this.value = value;
    }
  }

  /** One user of it. Closing again does nothing. */
  public static final class Lease<V> implements AutoCloseable {
    private final V value;
    private final Runnable release;
    private boolean closed;

    private Lease(V value, Runnable release) {
      this.value = value;
      this.release = release;
    }

    /** What is shared, until the lease is closed. */
    public V value() {
      return value;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release.run();
      }
    }
  }
}
