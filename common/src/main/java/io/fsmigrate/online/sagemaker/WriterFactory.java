package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.online.calls.PumpedWriter;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.RateLimit;
import io.fsmigrate.online.sagemaker.WritePath.Look;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a writer together from settings, a run and a group. */
final class WriterFactory {
  private static final Logger LOG = LoggerFactory.getLogger(WriterFactory.class);

  private final SageMakerStoreSettings settings;
  private final StoreSession session;
  private final VersionedGroup target;
  private final WriteContext context;
  private final FeatureGroupDescription group;
  private final RecordCodec codec;

  WriterFactory(
      SageMakerStoreSettings settings,
      StoreSession session,
      VersionedGroup target,
      WriteContext context,
      FeatureGroupDescription group) {
    this.settings = settings;
    this.session = session;
    this.target = target;
    this.context = context;
    this.group = group;
    this.codec = RecordCodec.of(target, group);
  }

  RecordWriter writer() {
    Look look = look();
    // Parts of a record that is looked up may be sent later.
    boolean keepsRecords = look != Look.NONE;
    JsonBytes json = new JsonBytes();
    return new PumpedWriter<PendingRecord>(
        session.pump(),
        (batch, index, record) ->
            new PendingRecord(
                batch, index, codec.encode(record, json), keepsRecords ? record : null),
        session.budget(),
        ended -> path(look, ended)::begin,
        session,
        target.address());
  }

  private WritePath path(Look look, Consumer<PendingRecord> ended) {
    GroupCalls calls = session.calls();
    boolean canUpdate =
        group.online().filter(FeatureGroupDescription.Online::updatesRecords).isPresent();
    List<String> added =
        look == Look.ADDED
            ? context.strategy().added().stream().map(codec::groupName).toList()
            : List.of();
    return new WritePath(
        session.pump(),
        calls,
        codec,
        write(calls),
        mostRecords(),
        look,
        added,
        new StoredComparison(codec, TieRule.of(target), canUpdate),
        ended);
  }

  private Look look() {
    if (context.strategy().mode() == WriteStrategy.Mode.UPDATE) {
      return Look.ADDED;
    }
    return context.staleCheck() == StaleCheck.EXACT ? Look.ALL : Look.NONE;
  }

  private RecordWrite write(GroupCalls calls) {
    RecordWrite put = new PutRecordCall(calls);
    if (!settings.batchWrite() || JvmClients.isWithoutBatches(context.run(), settings.store())) {
      return put;
    }
    return new BatchWriteRecordCall(calls, codec.idName(), fault -> insteadOfBatches(put, fault));
  }

  /** Batches need a permission of their own, and a service that knows them. */
  private Optional<RemoteCall<PendingRecord, Void>> insteadOfBatches(
      RecordWrite put, ServiceFault fault) {
    if (!fault.isWithoutOperation()) {
      return Optional.empty();
    }
    if (JvmClients.noteWithoutBatches(context.run(), settings.store())) {
      LOG.warn(
          "online store {}: BatchWriteRecord is not to be had ({}); the run goes on with PutRecord,"
              + " one record a call",
          settings.store(),
          fault.code());
    }
    return Optional.of(put);
  }

  /** A call that costs more than a second's worth of the limit would hold up all others. */
  private int mostRecords() {
    return settings
        .rateLimit()
        .filter(limit -> limit.unit() != RateLimit.Unit.CALLS)
        .map(limit -> (int) Math.max(1, Math.min(limit.perSecond(), Integer.MAX_VALUE)))
        .orElse(Integer.MAX_VALUE);
  }
}
