package io.fsmigrate.online.sagemaker;

import java.util.ArrayList;
import java.util.List;

/**
 * Features of a stored record that are to be changed, a part at a time.
 *
 * @param features the group's names, without the event time's
 */
record PendingUpdate(PendingRecord record, List<String> features) {
  PendingUpdate {
    features = List.copyOf(features);
  }

  /** The features of the next call, which takes so many. */
  List<String> first(int most) {
    return features.subList(0, Math.min(most, features.size()));
  }

  /** What is left for calls after that one. */
  PendingUpdate after(int most) {
    return new PendingUpdate(
        record,
        new ArrayList<>(features.subList(Math.min(most, features.size()), features.size())));
  }
}
