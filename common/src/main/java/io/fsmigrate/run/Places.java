package io.fsmigrate.run;

import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.Served;
import java.util.List;
import java.util.Map;

/**
 * Where the records of a run go.
 *
 * @param stores the stores, each with the version in whose place it is written
 * @param served what each store serves now, by its name; without those that serve nothing
 * @param refusals what is against it
 */
record Places(
    List<OnlineStoreDefinition> stores, Map<String, Served> served, List<String> refusals) {
  Places {
    stores = List.copyOf(stores);
    served = Map.copyOf(served);
    refusals = List.copyOf(refusals);
  }
}
