package io.fsmigrate.online;

import java.util.Map;
import net.jqwik.api.lifecycle.BeforeContainer;

class PostgresOnlineStoreLawTest extends OnlineStoreLaw {
  @BeforeContainer
  static void startAnew() {
    SharedPostgres.emptySchema();
  }

  @Override
  OnlineStore store() {
    return SharedPostgres.store(Map.of());
  }
}
