package io.fsmigrate.online.calls;

import io.fsmigrate.sagemaker.ServiceFault;

/**
 * What the service said of one entry of a call.
 *
 * @param value what was asked for; null where there is a fault
 * @param fault null where there is none
 */
public record Answer<R>(R value, ServiceFault fault) {
  /** What was asked for. */
  public static <R> Answer<R> of(R value) {
    return new Answer<>(value, null);
  }

  /** Why there is none. */
  public static <R> Answer<R> fault(ServiceFault fault) {
    return new Answer<>(null, fault);
  }
}
