/**
 * Whether two sides hold the same rows: hashes per bucket of record identifiers first, and the rows
 * of the buckets that differ after that. What is equal, what is tolerated and what is concluded are
 * plain Java; the classes on Spark build columns from it.
 */
package io.fsmigrate.verify;
