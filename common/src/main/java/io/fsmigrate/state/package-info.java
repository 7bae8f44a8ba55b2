/**
 * Small durable state without a server and without Spark: keys under compare-and-set and rows that
 * are only ever added, in a Delta table written with Delta Kernel.
 *
 * <p>Nothing outside this package names Kernel.
 */
package io.fsmigrate.state;
