package io.fsmigrate.offline;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.Option;

/**
 * Opens a version of a table in the words of the Delta release that is there: the one call that
 * differs among those for Spark 4.0 to 4.2.
 */
final class DeltaVersions {
  private DeltaVersions() {}

  /** The table as it was at that version; throws what Delta throws. */
  static Snapshot at(DeltaLog log, long version) {
    Class<?> any = Option.class;
    try {
      try {
        // Since Delta 4.1 the last argument says whether a version must be within the retention.
        Method method =
            DeltaLog.class.getMethod("getSnapshotAt", long.class, any, any, boolean.class);
        return (Snapshot) method.invoke(log, version, Option.empty(), Option.empty(), false);
      } catch (NoSuchMethodException e) {
        Method method = DeltaLog.class.getMethod("getSnapshotAt", long.class, any, any);
        return (Snapshot) method.invoke(log, version, Option.empty(), Option.empty());
      }
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This release of Delta is not one for Spark 4.0 to 4.2", e);
    }
  }
}
