package io.fsmigrate.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** The failed records of a run with what retries have made of them, without Spark. */
public final class FailedRecordList {
  /** The key of a record's outcome; only what a retry has settled has one. */
  public static final String SETTLED = "settled";

  private final Ledger ledger;
  private final Warehouse warehouse;
  private final FailedRecordReader reader;

  /** Opens nothing yet. */
  public FailedRecordList(Ledger ledger, Warehouse warehouse, Configuration hadoop) {
    this.ledger = ledger;
    this.warehouse = warehouse;
    this.reader = new FailedRecordReader(hadoop);
  }

  /**
   * Hands over every failed record of a run; those that are settled say how.
   *
   * @return how many there were
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_RUN
   */
  public long read(String run, Consumer<ObjectNode> records) {
    Map<String, String> settled = settled(RetryChain.of(ledger, run));
    return reader.read(
        warehouse.failedRecords(run),
        record -> {
          String outcome = settled.get(record.path("id").asText());
          if (outcome != null) {
            record.put(SETTLED, outcome);
          }
          records.accept(record);
        });
  }

  /**
   * Hands over those that nothing has settled yet, of the run and its retries, each as it failed
   * last.
   *
   * @return how many there were
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_RUN
   */
  public long readOpen(String run, Consumer<ObjectNode> records) {
    RetryChain chain = RetryChain.of(ledger, run);
    Set<String> known = new HashSet<>(settled(chain).keySet());
    List<String> newestFirst = new ArrayList<>(chain.runs());
    Collections.reverse(newestFirst);
    AtomicLong count = new AtomicLong();
    for (String each : newestFirst) {
      reader.read(
          warehouse.failedRecords(each),
          record -> {
            // Records of earlier releases have no id.
            if (!record.has("id") || known.add(record.path("id").asText())) {
              count.incrementAndGet();
              records.accept(record);
            }
          });
    }
    return count.get();
  }

  private Map<String, String> settled(RetryChain chain) {
    Map<String, String> settled = new HashMap<>();
    for (String retry : chain.retries()) {
      reader.read(
          warehouse.settledRecords(retry),
          record -> {
            String outcome = record.path("outcome").asText();
            if (!outcome.equals(SettledRecords.FAILED)) {
              settled.put(record.path("id").asText(), outcome);
            }
          });
    }
    return settled;
  }
}
