package io.fsmigrate.offline.sagemaker;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The online store of a feature group as a source reads it. It is sent to the tasks, which call
 * {@link #records} side by side; it opens its connections where it is used.
 */
public interface OnlineRecords extends Serializable {
  /** Whether {@link #identifiers} tells all records; some storage types list none. */
  boolean listsIdentifiers();

  /**
   * The identifiers of all records, expired and deleted ones left out; the same one may come twice.
   *
   * @throws io.fsmigrate.error.FsMigrateException when the store cannot be reached
   */
  Iterator<String> identifiers();

  /**
   * The records of identifiers. One that has no record, or a deleted or expired one, is left out.
   *
   * @param identifiers as text, also where the identifier is a number
   * @throws io.fsmigrate.error.FsMigrateException when the store cannot be reached; what was not
   *     read is never left out in silence
   */
  Iterator<Values> records(Iterator<String> identifiers);

  /**
   * A record.
   *
   * @param single feature name to its text, as the store returns it
   * @param collections feature name to the texts of its elements
   */
  record Values(Map<String, String> single, Map<String, List<String>> collections)
      implements Serializable {
    public Values {
      single = Map.copyOf(single);
      collections = Map.copyOf(collections);
    }
  }
}
