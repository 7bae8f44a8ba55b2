package io.fsmigrate.online.calls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  @Test
  void whoHoldsNothingAlwaysGetsSome() {
    ByteBudget budget = new ByteBudget(100);

    assertThat(budget.take(90, false)).isTrue();
    assertThat(budget.take(20, false)).isFalse();
    assertThat(budget.take(20, true)).isTrue();
    assertThat(budget.held()).isEqualTo(110);
    budget.giveBack(90);
    assertThat(budget.take(80, false)).isTrue();
  }
}
