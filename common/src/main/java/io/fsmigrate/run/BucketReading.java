package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.verify.RecordComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Reads buckets from online stores, each in a Spark task, or on the driver where it must be. */
final class BucketReading {
  /** Buckets that are read and recorded together; fixed, so that a wave is the same for all. */
  private static final int WAVE = 32;

  /** Identifiers handed to a store at once; a store cuts them to what one call takes. */
  private static final int BATCH = 500;

  private final SparkSession session;
  private final VersionedGroup target;
  private final RecordComparison comparison;
  private final int identifier;
  private final double sample;

  private BucketReading(
      SparkSession session,
      VersionedGroup target,
      RecordComparison comparison,
      int identifier,
      double sample) {
    this.session = session;
    this.target = target;
    this.comparison = comparison;
    this.identifier = identifier;
    this.sample = sample;
  }

  /**
   * That of a verification.
   *
   * @param target without its rules, which do not travel
   */
  static BucketReading of(
      SparkSession session, PreparedVerification prepared, VersionedGroup target) {
    return new BucketReading(
        session,
        target,
        RecordComparison.of(prepared.schema()),
        RecordLayout.of(target).id(),
        prepared.plan().request().sample());
  }

  static List<List<Integer>> waves(int buckets) {
    List<List<Integer>> waves = new ArrayList<>();
    for (int from = 0; from < buckets; from += WAVE) {
      List<Integer> wave = new ArrayList<>();
      for (int bucket = from; bucket < Math.min(buckets, from + WAVE); bucket++) {
        wave.add(bucket);
      }
      waves.add(wave);
    }
    return waves;
  }

  /**
   * Ends where a bucket was not read to its end.
   *
   * @throws io.fsmigrate.error.FsMigrateException why it was not
   */
  static void requireRead(List<ReadBucket> read) {
    for (ReadBucket bucket : read) {
      if (bucket.failure() != null) {
        throw bucket.failure().exception();
      }
    }
  }

  /**
   * What was found, and repaired, in each bucket; one that could not be read to its end says why.
   *
   * @param newest the records that the store should have, see {@link NewestRecords}
   * @param room differing records that are kept of a bucket
   */
  List<ReadBucket> run(
      OnlineStoreDefinition definition,
      JavaRDD<Row> newest,
      int room,
      BucketRepair repair,
      List<Integer> buckets) {
    ReadBucketTask task =
        new ReadBucketTask(definition, target, comparison, identifier, sample, BATCH, room, repair);
    if (!RunSession.isLocal(session) && OnlineStores.of(definition).writesFromDriver()) {
      List<ReadBucket> read = new ArrayList<>();
      for (int bucket : buckets) {
        List<Row> rows = newest.collectPartitions(new int[] {bucket})[0];
        read.add(task.read(bucket, CollectionConverters.asScala(rows.iterator())));
      }
      return read;
    }
    ConcurrentLinkedQueue<ReadBucket> read = new ConcurrentLinkedQueue<>();
    session
        .sparkContext()
        .runJob(
            newest.rdd(),
            task,
            CollectionConverters.asScala(new ArrayList<Object>(buckets)).toSeq(),
            new AbstractFunction2<Object, ReadBucket, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object index, ReadBucket bucket) {
                read.add(bucket);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(ReadBucket.class));
    return List.copyOf(read);
  }
}
