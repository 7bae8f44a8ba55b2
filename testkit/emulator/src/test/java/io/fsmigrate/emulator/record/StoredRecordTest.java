package io.fsmigrate.emulator.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Laws of what is kept in memory. */
class StoredRecordTest {
  @Property(tries = 200)
  void readsWhatItWrote(
      @ForAll long time,
      @ForAll long expiry,
      @ForAll boolean deleted,
      @ForAll @StringLength(max = 300) String text,
      @ForAll @Size(max = 5) List<@StringLength(max = 20) String> texts) {
    // A lone surrogate is no text that UTF-8 can carry.
    String clean = text.replaceAll("\\p{Cs}", "");
    List<String> list = texts.stream().map(each -> each.replaceAll("\\p{Cs}", "")).toList();
    byte[] record =
        StoredRecord.encode(time, expiry, deleted, new Object[] {clean, null, list, ""});
    assertThat(StoredRecord.eventTime(record)).isEqualTo(time);
    assertThat(StoredRecord.expiry(record)).isEqualTo(expiry);
    assertThat(StoredRecord.deleted(record)).isEqualTo(deleted);
    assertThat(StoredRecord.values(record, 5)).containsExactly(clean, null, list, "", null);
  }
}
