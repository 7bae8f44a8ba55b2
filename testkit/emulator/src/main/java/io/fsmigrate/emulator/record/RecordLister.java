package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.ServiceException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Pages through identifiers.
 *
 * <p>The first page remembers which identifiers there were, and the token says where in them the
 * next page starts, so a long walk is cheap; records written later are not in it.
 */
final class RecordLister {
  private static final int MAX_PAGE = 100;
  private static final int KEPT_WALKS = 64;

  private final Map<String, String[]> walks = new LinkedHashMap<>();

  record Page(List<String> identifiers, String next) {}

  Page list(FeatureGroup group, int limit, String token, boolean withDeleted) {
    if (!group.requireOnline().lists()) {
      throw ServiceException.validation(
          "Validation Error: ListRecords is not for FeatureGroup %s of storage type %s",
          group.name(), group.requireOnline().word());
    }
    if (limit < 1 || limit > MAX_PAGE) {
      throw ServiceException.validation(
          "Validation Error: MaxResults %d is not from 1 to %d", limit, MAX_PAGE);
    }
    String walk = token == null ? UUID.randomUUID().toString() : walkOf(token);
    String[] identifiers = token == null ? group.store().identifiers() : remembered(walk);
    int place = token == null ? 0 : placeOf(token);
    List<String> page = new ArrayList<>(limit);
    while (place < identifiers.length && page.size() < limit) {
      String identifier = identifiers[place++];
      Optional<byte[]> record =
          withDeleted ? group.store().any(identifier) : group.store().get(identifier);
      if (record.isPresent()) {
        page.add(identifier);
      }
    }
    if (place >= identifiers.length) {
      forget(walk);
      return new Page(page, null);
    }
    if (token == null) {
      remember(walk, identifiers);
    }
    return new Page(page, walk + ':' + place);
  }

  private static String walkOf(String token) {
    int colon = token.lastIndexOf(':');
    if (colon < 0) {
      throw unknown();
    }
    return token.substring(0, colon);
  }

  private static int placeOf(String token) {
    try {
      return Integer.parseUnsignedInt(token.substring(token.lastIndexOf(':') + 1));
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  private synchronized String[] remembered(String walk) {
    String[] identifiers = walks.get(walk);
    if (identifiers == null) {
      throw unknown();
    }
    return identifiers;
  }

  private synchronized void remember(String walk, String[] identifiers) {
    walks.put(walk, identifiers);
    if (walks.size() > KEPT_WALKS) {
      Iterator<String> oldest = walks.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private synchronized void forget(String walk) {
    walks.remove(walk);
  }

  private static ServiceException unknown() {
    return ServiceException.validation("Validation Error: NextToken is not valid or has expired");
  }
}
