package io.fsmigrate.jobs;

/**
 * What is special about one record of the example data: each constant names a thing that feature
 * data really does. Positions count the rows of a record from the oldest, 0, to the newest, 11.
 */
enum ExampleDataCase {
  /** Nothing. */
  PLAIN,
  /** An older row is there twice. */
  DUPLICATE,
  /** The newest row is there twice. */
  NEWEST_DUPLICATED,
  /** Two rows share the newest event time and differ in a value. */
  NEWEST_TIED,
  /** The same, and one of the two fails. */
  NEWEST_TIED_ONE_FAILS {
    @Override
    ExampleDataFate fate(int position) {
      return position == NEWEST ? ExampleDataFate.AMOUNT_OVERFLOW : ExampleDataFate.ACCEPTED;
    }
  },
  /** An older amount does not fit its new type. */
  OLD_OVERFLOW {
    @Override
    ExampleDataFate fate(int position) {
      return position == 3 ? ExampleDataFate.AMOUNT_OVERFLOW : ExampleDataFate.ACCEPTED;
    }
  },
  /** The newest amount does not fit its new type. */
  NEWEST_OVERFLOW {
    @Override
    ExampleDataFate fate(int position) {
      return position == NEWEST ? ExampleDataFate.AMOUNT_OVERFLOW : ExampleDataFate.ACCEPTED;
    }
  },
  /** An older score is no probability. */
  OLD_SCORE {
    @Override
    ExampleDataFate fate(int position) {
      return position == 2 ? ExampleDataFate.SCORE_OUT_OF_RANGE : ExampleDataFate.ACCEPTED;
    }
  },
  /** The newest score is no probability. */
  NEWEST_SCORE {
    @Override
    ExampleDataFate fate(int position) {
      return position == NEWEST ? ExampleDataFate.SCORE_OUT_OF_RANGE : ExampleDataFate.ACCEPTED;
    }
  },
  /** A row has no event time. */
  NO_EVENT_TIME {
    @Override
    ExampleDataFate fate(int position) {
      return position == 7 ? ExampleDataFate.NO_EVENT_TIME : ExampleDataFate.ACCEPTED;
    }
  },
  /** The newest amount is negative. */
  NEWEST_NEGATIVE {
    @Override
    ExampleDataFate fate(int position) {
      return position == NEWEST ? ExampleDataFate.NEGATIVE_AMOUNT : ExampleDataFate.ACCEPTED;
    }
  },
  /** Every row fails on the way to 1.0.0, for one of two reasons. */
  ALL_FAIL_AT_ONCE {
    @Override
    ExampleDataFate fate(int position) {
      return position % 2 == 0 ? ExampleDataFate.SCORE_OUT_OF_RANGE : ExampleDataFate.NO_EVENT_TIME;
    }
  },
  /** Every row fails on the way to 2.0.0, for one of two reasons. */
  ALL_FAIL_LATER {
    @Override
    ExampleDataFate fate(int position) {
      return position % 2 == 0 ? ExampleDataFate.AMOUNT_OVERFLOW : ExampleDataFate.NEGATIVE_AMOUNT;
    }
  },
  /** The newest row is a probe of the terminal and no payment. */
  NEWEST_PROBE {
    @Override
    ExampleDataFate fate(int position) {
      return position == NEWEST ? ExampleDataFate.FILTERED : ExampleDataFate.ACCEPTED;
    }
  },
  /** Every row is a probe. */
  ALL_PROBES {
    @Override
    ExampleDataFate fate(int position) {
      return ExampleDataFate.FILTERED;
    }
  };

  /** Rows of every record but the last, which takes what is left over. */
  static final int ROWS_PER_RECORD = 12;

  /** Of so many records one is of each special case; few enough to stay under 1 % failed rows. */
  static final int PERIOD = 400;

  private static final int NEWEST = ROWS_PER_RECORD - 1;
  private static final int BEFORE_NEWEST = NEWEST - 1;
  private static final ExampleDataCase[] CASES = values();

  /** The case of a record that has all its rows. */
  static ExampleDataCase of(long record) {
    int place = (int) (record % PERIOD);
    return place + 1 < CASES.length ? CASES[place + 1] : PLAIN;
  }

  /** What becomes of the row at a position. */
  ExampleDataFate fate(int position) {
    return ExampleDataFate.ACCEPTED;
  }

  /** The position whose event time the row at a position has. */
  int timeOf(int position) {
    return switch (this) {
      case DUPLICATE -> position == 5 ? 4 : position;
      case NEWEST_DUPLICATED, NEWEST_TIED, NEWEST_TIED_ONE_FAILS ->
          position == NEWEST ? BEFORE_NEWEST : position;
      default -> position;
    };
  }

  /** The position whose values the row at a position has; duplicates have those of another. */
  int valuesOf(int position) {
    return this == NEWEST_TIED || this == NEWEST_TIED_ONE_FAILS ? position : timeOf(position);
  }
}
