package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.online.sagemaker.DeleteRecordCall.Doomed;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes records for good, many calls at a time. A delete has to be later than what it deletes, so
 * the stored event time is read first; where a record becomes newer in between, that is done again.
 * Records that are not there are passed over, so that it can be called again.
 */
final class RecordRemoval {
  /** Somebody who writes a record that often while it is removed wants it. */
  private static final int MOST_TRIES = 5;

  private final StoreSession session;
  private final RecordCodec codec;
  private final String address;
  private final Map<String, Integer> tries = new HashMap<>();
  private final Lane<String, Optional<StoredRecord>> looks;
  private final Lane<Doomed, Void> deletes;
  private long removed;

  RecordRemoval(StoreSession session, RecordCodec codec, String address) {
    this.session = session;
    this.codec = codec;
    this.address = address;
    this.looks =
        session
            .pump()
            .lane(
                new GetRecordsCall<String>(
                    session.calls(), id -> id, List.of(codec.idName(), codec.eventTimeName())),
                GetRecordsCall.MOST_RECORDS,
                new Lane.Outcomes<>() {
                  @Override
                  public void done(String id, Optional<StoredRecord> stored) {
                    stored.ifPresent(record -> doom(id, record));
                  }

                  @Override
                  public void refused(String id, ServiceFault fault) {
                    throw SageMakerStoreErrors.unreadable(address, fault);
                  }
                });
    this.deletes =
        session
            .pump()
            .lane(
                new DeleteRecordCall(session.calls()),
                1,
                new Lane.Outcomes<>() {
                  @Override
                  public void done(Doomed entry, Void nothing) {
                    tries.remove(entry.id());
                    removed++;
                  }

                  @Override
                  public void refused(Doomed entry, ServiceFault fault) {
                    again(entry, fault);
                  }
                });
  }

  /**
   * Removes the records with these identifiers.
   *
   * @param ids as text, no two equal within reach of each other
   * @return how many there were
   */
  long remove(Iterator<String> ids) {
    while (ids.hasNext()) {
      looks.add(ids.next());
      session.pump().advance();
    }
    session.pump().drain();
    return removed;
  }

  private void doom(String id, StoredRecord record) {
    String after = codec.timeAfter(record.text(codec.eventTimeName()));
    deletes.add(new Doomed(id, after, tries.getOrDefault(id, 0)));
  }

  private void again(Doomed doomed, ServiceFault fault) {
    if (doomed.tries() + 1 >= MOST_TRIES) {
      throw SageMakerStoreErrors.notRemoved(address, fault);
    }
    tries.put(doomed.id(), doomed.tries() + 1);
    looks.add(doomed.id());
  }
}
