/**
 * Online stores in PostgreSQL.
 *
 * <p>A bucket is kept by {@link io.fsmigrate.online.postgresql.BucketRows}, copied into a temporary
 * table and brought into the target's table by one statement, in one transaction of a {@link
 * io.fsmigrate.online.postgresql.BucketTransaction}; {@link
 * io.fsmigrate.online.postgresql.PostgresRecordWriter} does it again from the kept rows where the
 * transaction was lost.
 */
package io.fsmigrate.online.postgresql;
