package io.fsmigrate.run;

import io.fsmigrate.offline.sagemaker.OnlineRecords;
import io.fsmigrate.online.sagemaker.GroupReader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The records that a feature group serves, for a source that reads them. */
final class ServedRecords implements OnlineRecords {
  private static final long serialVersionUID = 1L;

  private final GroupReader reader;
  private final boolean lists;

  /**
   * @param lists whether the group tells its identifiers
   */
  ServedRecords(GroupReader reader, boolean lists) {
    this.reader = reader;
    this.lists = lists;
  }

  @Override
  public boolean listsIdentifiers() {
    return lists;
  }

  @Override
  public Iterator<String> identifiers() {
    return reader.identifiers();
  }

  @Override
  public Iterator<Values> records(Iterator<String> identifiers) {
    Iterator<Map<String, Object>> records = reader.records(identifiers);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public Values next() {
        return values(records.next());
      }
    };
  }

  private static Values values(Map<String, Object> record) {
    Map<String, String> single = new HashMap<>();
    Map<String, List<String>> collections = new HashMap<>();
    record.forEach(
        (feature, value) -> {
          if (value instanceof List<?> list) {
            collections.put(feature, list.stream().map(String::valueOf).toList());
          } else {
            single.put(feature, String.valueOf(value));
          }
        });
    return new Values(single, collections);
  }
}
