/** Online stores in SQLite: a database file for one machine and one writer at a time. */
package io.fsmigrate.online.sqlite;
