/**
 * Online stores in SQL databases: one table per target, one row per record identifier. {@link
 * io.fsmigrate.online.jdbc.JdbcOnlineStore} is the same for all of them, {@link
 * io.fsmigrate.online.jdbc.SqlDialect} is what differs.
 */
package io.fsmigrate.online.jdbc;
