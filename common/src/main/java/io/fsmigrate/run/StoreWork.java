package io.fsmigrate.run;

import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.WriteContext;
import java.io.Serializable;
import java.util.BitSet;

/**
 * What tasks have to know of a store that they write to.
 *
 * @param open the buckets that it lacks
 */
record StoreWork(OnlineStoreDefinition store, WriteContext context, BitSet open)
    implements Serializable {}
