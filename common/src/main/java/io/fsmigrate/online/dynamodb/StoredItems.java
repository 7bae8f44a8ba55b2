package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Counts, reads and removes what is stored, many calls at a time. Items that are not ours stay. */
final class StoredItems {
  private final CallPump pump;
  private final DynamoDbAsyncClient client;
  private final String table;
  private final ItemForm form;
  private final String address;
  private long found;

  /**
   * @param address of the target, for messages
   */
  StoredItems(
      CallPump pump, DynamoDbAsyncClient client, String table, ItemForm form, String address) {
    this.pump = pump;
    this.client = client;
    this.table = table;
    this.form = form;
    this.address = address;
  }

  long count() {
    scan(true, page -> {});
    return found;
  }

  /** Removes all; how many there were. */
  long remove() {
    // The later lane is served first, so that keys do not pile up.
    List<Lane<AttributeValue, Void>> deletes = new ArrayList<>();
    Consumer<ScanResponse> removal =
        page -> {
          List<Map<String, AttributeValue>> keys = new ArrayList<>(page.items());
          // They come in the order in which the service keeps them: one place after the other.
          Collections.shuffle(keys);
          keys.forEach(key -> deletes.get(0).add(key.get(form.keyName())));
        };
    Lane<ScanCall.Page, ScanResponse> scans = scans(false, removal);
    deletes.add(
        pump.lane(
            BatchWriteCall.deletes(client, table, form.keyName()),
            BatchWriteCall.MOST_ENTRIES,
            outcomes((key, nothing) -> {})));
    begin(scans);
    return found;
  }

  /** Hands over those that are there. */
  void read(Collection<Object> ids, Consumer<OnlineRecord> records) {
    Lane<AttributeValue, Optional<Map<String, AttributeValue>>> gets =
        pump.lane(
            new BatchGetCall(client, table, form.keyName()),
            Integer.MAX_VALUE,
            outcomes((key, item) -> item.ifPresent(i -> records.accept(decode(key, i)))));
    Set<AttributeValue> asked = new HashSet<>();
    for (Object id : ids) {
      Optional<AttributeValue> key = key(id);
      // The service refuses twice the same in one call.
      if (key.isPresent() && asked.add(Attributes.normalKey(key.get()))) {
        gets.add(key.get());
        pump.advance();
      }
    }
    pump.drain();
  }

  /** Empty where no item can have it. */
  private Optional<AttributeValue> key(Object id) {
    try {
      return Optional.of(form.key(id));
    } catch (UnwritableValueException e) {
      return Optional.empty();
    }
  }

  private OnlineRecord decode(AttributeValue key, Map<String, AttributeValue> item) {
    try {
      return form.decode(item);
    } catch (IllegalArgumentException e) {
      throw DynamoDbErrors.unreadable(address, table, String.valueOf(key), e.getMessage());
    }
  }

  private void scan(boolean counts, Consumer<ScanResponse> pages) {
    begin(scans(counts, pages));
  }

  private void begin(Lane<ScanCall.Page, ScanResponse> scans) {
    for (int part = 0; part < ScanCall.PARTS; part++) {
      scans.add(new ScanCall.Page(part, Map.of()));
    }
    pump.drain();
  }

  private Lane<ScanCall.Page, ScanResponse> scans(boolean counts, Consumer<ScanResponse> pages) {
    List<Lane<ScanCall.Page, ScanResponse>> self = new ArrayList<>();
    self.add(
        pump.lane(
            new ScanCall(client, table, form.keyName(), counts),
            1,
            outcomes(
                (page, reply) -> {
                  found += reply.count();
                  pages.accept(reply);
                  if (reply.hasLastEvaluatedKey()) {
                    self.get(0).add(new ScanCall.Page(page.part(), reply.lastEvaluatedKey()));
                  }
                })));
    return self.get(0);
  }

  private <I, R> Lane.Outcomes<I, R> outcomes(BiConsumer<I, R> done) {
    return new Lane.Outcomes<>() {
      @Override
      public void done(I entry, R result) {
        done.accept(entry, result);
      }

      @Override
      public void refused(I entry, ServiceFault fault) {
        throw DynamoDbErrors.refused(address, table, fault);
      }
    };
  }
}
