package io.fsmigrate.offline.transform;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The columns that ride along with each row until it is written; never part of a target. */
final class Hidden {
  static final String PREFIX = "__fs_";

  /** Struct of the row as the source delivered it. */
  static final String ORIGINAL = "__fs_original";

  /** Int: the number of the first check that the row failed; null while it has failed none. */
  static final String FAILURE = "__fs_failure";

  /** String: what the failed check saw. */
  static final String VALUE = "__fs_value";

  /** Boolean: whether a filter left the row out. */
  static final String FILTERED = "__fs_filtered";

  /** The value of an expression that is being tried: a struct, null after an error. */
  static final String TRIED = "__fs_tried";

  /** Boolean: not null for a failed row that was handed to a {@link FailedRowCatcher}. */
  static final String CAUGHT = "__fs_caught";

  /** String: the id of a record that is followed through the pipeline; see {@link RowFates}. */
  static final String ID = "__fs_id";

  static final List<String> ALL = List.of(ORIGINAL, FAILURE, VALUE, FILTERED);

  private Hidden() {}

  /** The column of exactly that name, dots and spaces included. */
  static Column named(String name) {
    return functions.col(quote(name));
  }

  static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
