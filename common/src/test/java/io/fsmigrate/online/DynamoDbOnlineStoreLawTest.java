package io.fsmigrate.online;

import net.jqwik.api.lifecycle.BeforeContainer;

class DynamoDbOnlineStoreLawTest extends OnlineStoreLaw {
  @BeforeContainer
  static void start() {
    SharedDynamoDb.empty();
  }

  @Override
  OnlineStore store() {
    return SharedDynamoDb.store();
  }
}
