/**
 * Online stores in tables of DynamoDB: one item per record, written where its event time is later
 * than the stored one, which the service decides.
 *
 * <p>{@link io.fsmigrate.online.dynamodb.ItemForm} says what an item looks like, {@link
 * io.fsmigrate.online.dynamodb.ItemWrites} what becomes of it, {@link
 * io.fsmigrate.online.dynamodb.Table} makes the table or finds out whether it fits.
 */
package io.fsmigrate.online.dynamodb;
