/**
 * How a run holds back towards an online store: as many calls in flight as the store bears, and
 * never more in any second than the limit that was set, over all executors of the cluster.
 */
package io.fsmigrate.online.restraint;
