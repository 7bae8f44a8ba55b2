package io.fsmigrate.online;

/** Keeps a writer whose store has failed from going on as if nothing had happened. */
public final class WriterGuard {
  private final String address;
  private boolean broken;

  /**
   * @param address of the target, for messages
   */
  public WriterGuard(String address) {
    this.address = address;
  }

  /**
   * Does a part of the work.
   *
   * @throws IllegalStateException when an earlier part has failed
   */
  public void run(Runnable work) {
    if (broken) {
      throw new IllegalStateException(
          "Cannot go on with a writer to %s whose store has failed; open another"
              .formatted(address));
    }
    broken = true;
    work.run();
    broken = false;
  }
}
