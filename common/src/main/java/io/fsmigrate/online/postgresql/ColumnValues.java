package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Values as they come back. */
final class ColumnValues {
  private ColumnValues() {}

  /** The record in the columns from that one on. */
  static OnlineRecord record(RecordLayout layout, ResultSet row, int first) throws SQLException {
    List<Object> values = new ArrayList<>(layout.types().size());
    for (int i = 0; i < layout.types().size(); i++) {
      values.add(value(row, first + i, layout.types().get(i)));
    }
    return new OnlineRecord(values);
  }

  static Object value(ResultSet row, int column, ValueType type) throws SQLException {
    Object value = present(row, column, type);
    return row.wasNull() ? null : value;
  }

  private static Object present(ResultSet row, int column, ValueType type) throws SQLException {
    return switch (type.kind()) {
      case BOOLEAN -> row.getBoolean(column);
      case TINYINT -> row.getByte(column);
      case SMALLINT -> row.getShort(column);
      case INT -> row.getInt(column);
      case BIGINT -> row.getLong(column);
      case FLOAT -> row.getFloat(column);
      case DOUBLE -> row.getDouble(column);
      case DECIMAL -> decimal(row.getBigDecimal(column), type);
      case STRING -> row.getString(column);
      case BINARY -> row.getBytes(column);
      case DATE -> row.getObject(column, LocalDate.class);
      case TIMESTAMP -> {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        yield time == null ? null : time.toInstant();
      }
      case TIMESTAMP_NTZ -> row.getObject(column, LocalDateTime.class);
      case ARRAY, MAP, STRUCT -> {
        String json = row.getString(column);
        yield json == null ? null : CanonicalJson.read(type, json);
      }
    };
  }

  /** A column of another program may have more digits than the type. */
  private static BigDecimal decimal(BigDecimal value, ValueType type) {
    return value == null ? null : value.setScale(type.scale(), RoundingMode.HALF_EVEN);
  }
}
