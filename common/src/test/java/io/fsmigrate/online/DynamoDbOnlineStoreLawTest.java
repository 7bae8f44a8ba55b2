package io.fsmigrate.online;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeContainer;

class DynamoDbOnlineStoreLawTest extends OnlineStoreLaw {
  @BeforeContainer
  static void start() {
    SharedDynamoDb.empty();
  }

  /** Fewer tries: the server of one machine takes some milliseconds a call. */
  @Override
  @Property(tries = 25)
  void anyOrderAndAnySplitWithReplaysEndTheSame(
      @ForAll("histories") List<OnlineRecord> records, @ForAll Random random) {
    super.anyOrderAndAnySplitWithReplaysEndTheSame(records, random);
  }

  @Override
  OnlineStore store() {
    return SharedDynamoDb.store();
  }
}
