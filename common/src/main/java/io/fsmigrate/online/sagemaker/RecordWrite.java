package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import java.util.List;

/** A call that writes whole records. What it takes is ready to be sent; nothing comes back. */
interface RecordWrite extends RemoteCall<PendingRecord, Void> {
  @Override
  default int bytes(PendingRecord entry) {
    return entry.encoded().json().length;
  }

  @Override
  default CallCost cost(List<PendingRecord> entries) {
    int units = 0;
    for (PendingRecord entry : entries) {
      units += entry.encoded().writeUnits();
    }
    return new CallCost(entries.size(), units);
  }
}
