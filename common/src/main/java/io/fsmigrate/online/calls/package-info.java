/**
 * Calls side by side to services that take records over HTTP.
 *
 * <p>They are started and judged in the thread of the task that writes: {@link
 * io.fsmigrate.online.calls.CallPump} sends, waits and tries again, {@link
 * io.fsmigrate.online.calls.RemoteCall} is one operation of a service, {@link
 * io.fsmigrate.online.calls.PumpedWriter} the writer on top.
 */
package io.fsmigrate.online.calls;
