package io.fsmigrate.catalog;

/** Reads section {@code verify}; every key has its default in reference.conf. */
final class VerifyBinder {
  /** Fewer would bring too many rows into each that differs. */
  private static final int FEWEST_BUCKETS = 1 << 16;

  /** Each task has three numbers for each of them. */
  private static final int MOST_BUCKETS = 1 << 20;

  private VerifyBinder() {}

  static VerifySettings bind(Section verify) {
    VerifySettings settings =
        new VerifySettings(
            (int) verify.number("buckets", FEWEST_BUCKETS, MOST_BUCKETS),
            (int) verify.number("max-differences", 0, Integer.MAX_VALUE));
    verify.finish();
    return settings;
  }
}
