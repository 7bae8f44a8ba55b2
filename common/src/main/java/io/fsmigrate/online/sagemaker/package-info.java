/**
 * Online stores of SageMaker feature groups.
 *
 * <p>Records go out in calls side by side, started and judged in the thread of the task that writes
 * them: {@link io.fsmigrate.online.calls.CallPump} sends, waits and tries again, {@link
 * io.fsmigrate.online.calls.RemoteCall} is one operation of the service.
 */
package io.fsmigrate.online.sagemaker;
