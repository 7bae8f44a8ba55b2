package io.fsmigrate.jobs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a migration of the example data must count, worked out from the way the data is made and not
 * from the data.
 *
 * @param rows of the source
 * @param records distinct record identifiers of the source
 * @param cases how many records are of each case
 * @param runs the two migrations of the quickstart, in order
 */
record ExampleDataExpectation(
    long rows, long records, Map<ExampleDataCase, Long> cases, List<Run> runs) {

  /**
   * One migration.
   *
   * @param read rows that it reads
   * @param filtered rows that its filter leaves out
   * @param failed rows that fail, all codes together
   * @param failures the same by code
   * @param accepted rows of the target; duplicates count each
   * @param acceptedDistinct the same, rows that are equal in every feature counted once
   * @param acceptedRecords distinct record identifiers of the target: the online records
   */
  record Run(
      String from,
      String to,
      long read,
      long filtered,
      long failed,
      List<Failure> failures,
      long accepted,
      long acceptedDistinct,
      long acceptedRecords) {}

  /**
   * Rows that fail with one code.
   *
   * @param code as failed records carry it
   * @param feature the feature to blame
   */
  record Failure(String code, String feature, long rows) {}

  static ExampleDataExpectation of(ExampleData data) {
    Tally tally = new Tally();
    long full = data.fullRecords();
    for (long record = 0; record < full; record++) {
      tally.add(data.caseOf(record), ExampleDataCase.ROWS_PER_RECORD);
    }
    int rest = (int) (data.rows() % ExampleDataCase.ROWS_PER_RECORD);
    if (rest > 0) {
      tally.add(data.caseOf(full), rest);
    }
    return new ExampleDataExpectation(
        data.rows(),
        full + (rest > 0 ? 1 : 0),
        tally.cases,
        List.of(tally.first(), tally.second()));
  }

  private static final class Tally {
    private final Map<ExampleDataCase, Long> cases = new EnumMap<>(ExampleDataCase.class);
    private final Map<ExampleDataFate, Long> rows = new EnumMap<>(ExampleDataFate.class);
    private long duplicates;
    private long recordsOfFirst;
    private long recordsOfSecond;

    void add(ExampleDataCase special, int positions) {
      cases.merge(special, 1L, Long::sum);
      Set<ExampleDataFate> fates = EnumSet.noneOf(ExampleDataFate.class);
      for (int position = 0; position < positions; position++) {
        ExampleDataFate fate = special.fate(position);
        rows.merge(fate, 1L, Long::sum);
        fates.add(fate);
        duplicates += special.valuesOf(position) == position ? 0 : 1;
      }
      recordsOfFirst += fates.stream().anyMatch(ExampleDataFate::reachesFirstVersion) ? 1 : 0;
      recordsOfSecond += fates.contains(ExampleDataFate.ACCEPTED) ? 1 : 0;
    }

    Run first() {
      List<Failure> failures =
          failures(ExampleDataFate.NO_EVENT_TIME, ExampleDataFate.SCORE_OUT_OF_RANGE);
      long read = rows.values().stream().mapToLong(Long::longValue).sum();
      return run("raw", "1.0.0", read, rows(ExampleDataFate.FILTERED), failures, recordsOfFirst);
    }

    Run second() {
      List<Failure> failures =
          failures(ExampleDataFate.AMOUNT_OVERFLOW, ExampleDataFate.NEGATIVE_AMOUNT);
      return run("1.0.0", "2.0.0", first().accepted(), 0, failures, recordsOfSecond);
    }

    // Duplicates are copies of accepted rows only, so they reach every version.
    private Run run(
        String from, String to, long read, long filtered, List<Failure> failures, long records) {
      long failed = failures.stream().mapToLong(Failure::rows).sum();
      long accepted = read - filtered - failed;
      return new Run(
          from, to, read, filtered, failed, failures, accepted, accepted - duplicates, records);
    }

    private List<Failure> failures(ExampleDataFate... fates) {
      List<Failure> failures = new ArrayList<>();
      for (ExampleDataFate fate : fates) {
        failures.add(new Failure(fate.code().orElseThrow(), fate.feature(), rows(fate)));
      }
      return failures;
    }

    private long rows(ExampleDataFate fate) {
      return rows.getOrDefault(fate, 0L);
    }
  }
}
