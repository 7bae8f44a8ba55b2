package io.fsmigrate.emulator.auth;

import io.fsmigrate.emulator.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The text of a request that is signed: method, path, query, signed headers and hash of the body,
 * as "Signature Version 4" defines it for services other than S3, whose paths are encoded twice.
 */
final class CanonicalRequest {
  private static final String HEX = "0123456789ABCDEF";

  private CanonicalRequest() {}

  static String of(Request request, List<String> signedHeaders, String bodyHash) {
    StringBuilder text = new StringBuilder(512);
    text.append(request.method()).append('\n');
    encode(text, request.rawPath().isEmpty() ? "/" : request.rawPath(), true);
    text.append('\n');
    query(text, request);
    text.append('\n');
    for (String name : signedHeaders) {
      text.append(name.toLowerCase(Locale.ROOT)).append(':');
      String separator = "";
      for (String value : request.headers().getAll(name)) {
        text.append(separator);
        appendTrimmed(text, value);
        separator = ",";
      }
      text.append('\n');
    }
    text.append('\n').append(String.join(";", signedHeaders)).append('\n').append(bodyHash);
    return text.toString();
  }

  private static void query(StringBuilder text, Request request) {
    if (request.rawQuery().isEmpty()) {
      return;
    }
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, List<String>> entry : request.query().values().entrySet()) {
      for (String value : entry.getValue()) {
        StringBuilder pair = new StringBuilder();
        encode(pair, entry.getKey(), false);
        pair.append('=');
        encode(pair, value, false);
        pairs.add(pair.toString());
      }
    }
    // An equal sign sorts after digits, so names are compared before values.
    pairs.sort(
        (a, b) -> {
          int names = a.substring(0, a.indexOf('=')).compareTo(b.substring(0, b.indexOf('=')));
          return names != 0 ? names : a.compareTo(b);
        });
    text.append(String.join("&", pairs));
  }

  private static void appendTrimmed(StringBuilder text, String value) {
    boolean blank = false;
    int start = text.length();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        blank = true;
      } else {
        if (blank && text.length() > start) {
          text.append(' ');
        }
        blank = false;
        text.append(c);
      }
    }
  }

  static void encode(StringBuilder out, String text, boolean keepSlash) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (unreserved(c) || (c == '/' && keepSlash)) {
        out.append(c);
      } else if (c < 0x80) {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        int end = text.offsetByCodePoints(i, 1);
        for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
          out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
        }
        i = end - 1;
      }
    }
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }
}
