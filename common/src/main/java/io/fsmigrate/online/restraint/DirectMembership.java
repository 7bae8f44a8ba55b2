package io.fsmigrate.online.restraint;

/** In the driver's JVM: the cluster's budget is at hand. */
final class DirectMembership implements Membership {
  private static final long REFRESH_NANOS = 100_000_000;

  private final String name;
  private final ClusterBudget cluster;
  private final Budget budget;
  private boolean asked;
  private long askedAt;
  private int share;

  DirectMembership(String name, ClusterBudget cluster) {
    this.name = name;
    this.cluster = cluster;
    this.budget = cluster.schedule().<Budget>map(ScheduledBudget::new).orElse(Budget.UNLIMITED);
  }

  @Override
  public void join(Gate gate) {
    cluster.joinHere(name, gate::state);
  }

  @Override
  public void leave(Gate gate) {
    gate.rest();
    cluster.leave(name, gate.state());
  }

  @Override
  public int share(int inFlight, long now) {
    if (!asked || share == 0 || now - askedAt > REFRESH_NANOS) {
      share = cluster.shareHere(name, inFlight);
      asked = true;
      askedAt = now;
    }
    return share;
  }

  @Override
  public Budget budget() {
    return budget;
  }
}
