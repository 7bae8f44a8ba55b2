package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroups;
import io.fsmigrate.sagemaker.ServiceFault;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads the records of a feature group as they are, for a source: in SageMaker's own types, with
 * every feature of the group.
 */
public final class GroupReader implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Records that are asked for before the first of them is handed over. */
  private static final int AHEAD = 2_000;

  private final OnlineStoreDefinition definition;
  private final String group;
  private final int maxWorkers;

  /**
   * @param definition whose account, limits and timeouts count
   * @param group the physical group
   * @param maxWorkers calls in flight at once in each JVM
   */
  public GroupReader(OnlineStoreDefinition definition, String group, int maxWorkers) {
    this.definition = definition;
    this.group = group;
    this.maxWorkers = maxWorkers;
  }

  /** What SageMaker says of the group, which must be usable. */
  public FeatureGroupDescription describe() {
    SageMakerStoreSettings settings = SageMakerStoreSettings.of(definition);
    try (AwsClients clients = new AwsClients(settings.access());
        FeatureGroups groups = new FeatureGroups(settings.access(), clients)) {
      return groups.describeCreated(group);
    }
  }

  /**
   * Every record identifier that the group tells; while others write, some may come twice and some
   * not at all.
   */
  public Iterator<String> identifiers() {
    StoreSession session = open();
    Iterator<String> ids = new IdentifierPages(session.pump(), session.calls(), group);
    return new Closing<>(session) {
      @Override
      boolean hasMore() {
        return ids.hasNext();
      }

      @Override
      String take() {
        return ids.next();
      }
    };
  }

  /**
   * The records with these identifiers, those that are there; in no particular order.
   *
   * @return feature name to its text, or to a list of texts
   */
  public Iterator<Map<String, Object>> records(Iterator<String> identifiers) {
    StoreSession session = open();
    Deque<Map<String, Object>> ready = new ArrayDeque<>();
    Lane<String, Optional<StoredRecord>> lane =
        session
            .pump()
            .lane(
                new GetRecordsCall<>(session.calls(), Function.identity(), List.of()),
                GetRecordsCall.MOST_RECORDS,
                new Lane.Outcomes<>() {
                  @Override
                  public void done(String id, Optional<StoredRecord> record) {
                    record.ifPresent(r -> ready.add(r.features()));
                  }

                  @Override
                  public void refused(String id, ServiceFault fault) {
                    throw SageMakerStoreErrors.unreadable(group, fault);
                  }
                });
    return new Closing<>(session) {
      @Override
      boolean hasMore() {
        while (ready.isEmpty() && identifiers.hasNext()) {
          for (int i = 0; i < AHEAD && identifiers.hasNext(); i++) {
            lane.add(identifiers.next());
            session.pump().advance();
          }
          session.pump().drain();
        }
        return !ready.isEmpty();
      }

      @Override
      Map<String, Object> take() {
        return ready.pollFirst();
      }
    };
  }

  private StoreSession open() {
    return StoreSession.open(
        SageMakerStoreSettings.of(definition), group, "source-" + UUID.randomUUID(), maxWorkers, 1);
  }

  /** Gives its connections back when there is no more. */
  private abstract static class Closing<T> implements Iterator<T> {
    private final StoreSession session;
    private boolean ended;

    Closing(StoreSession session) {
      this.session = session;
    }

    abstract boolean hasMore();

    abstract T take();

    @Override
    public boolean hasNext() {
      if (ended) {
        return false;
      }
      try {
        ended = !hasMore();
      } catch (RuntimeException e) {
        ended = true;
        session.close();
        throw e;
      }
      if (ended) {
        session.close();
      }
      return !ended;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return take();
    }
  }
}
