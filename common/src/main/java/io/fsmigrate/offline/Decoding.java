package io.fsmigrate.offline;

import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/**
 * How a column becomes what it stands for, before anything else looks at it: a source whose store
 * has fewer types than its rows delivers some values as text or numbers. A row with a value that
 * cannot be decoded fails with its reason, as one with a value that does not fit a cast.
 *
 * @param column of the source's schema
 * @param to the type of the decoded value
 * @param value the decoded value; null where the input is null or cannot be decoded without loss
 * @param form what the input has to be, for the reason, as in "ISO-8601 text of a timestamp"
 */
public record Decoding(String column, DataType to, UnaryOperator<Column> value, String form) {}
