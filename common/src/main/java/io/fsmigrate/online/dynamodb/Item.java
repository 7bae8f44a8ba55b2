package io.fsmigrate.online.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A record ready to be sent.
 *
 * @param key the partition key, equal for equal record identifiers
 * @param time attribute {@value ItemForm#TIME}
 * @param digest attribute {@value ItemForm#DIGEST}
 * @param bytes what the service counts
 */
record Item(
    Map<String, AttributeValue> attributes,
    AttributeValue key,
    AttributeValue time,
    AttributeValue digest,
    int bytes) {
  int writeUnits() {
    return ItemSize.writeUnits(bytes);
  }
}
