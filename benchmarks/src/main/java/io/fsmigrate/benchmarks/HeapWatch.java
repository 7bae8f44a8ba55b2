package io.fsmigrate.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** Sees how much of the heap of this JVM stays after garbage collections. */
final class HeapWatch implements AutoCloseable {
  private final AtomicLong afterCollection = new AtomicLong();
  private final NotificationListener listener =
      (notification, handback) -> {
        if (notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
          GarbageCollectionNotificationInfo info =
              GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
          long used =
              info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                  .filter(pool -> !isOffHeap(pool.getKey()))
                  .mapToLong(pool -> pool.getValue().getUsed())
                  .sum();
          afterCollection.accumulateAndGet(used, Math::max);
        }
      };

  HeapWatch() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) bean).addNotificationListener(listener, null, null);
    }
  }

  /** The most that any collection so far left in the heap, bytes; old garbage included. */
  long mostAfterCollection() {
    return afterCollection.get();
  }

  /** What a full collection leaves in the heap now, bytes. */
  long live() {
    System.gc();
    MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return usage.getUsed();
  }

  @Override
  public void close() throws ListenerNotFoundException {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) bean).removeNotificationListener(listener);
    }
  }

  private static boolean isOffHeap(String pool) {
    return pool.startsWith("Metaspace")
        || pool.startsWith("CodeHeap")
        || pool.startsWith("Compressed Class")
        || pool.startsWith("CodeCache");
  }
}
