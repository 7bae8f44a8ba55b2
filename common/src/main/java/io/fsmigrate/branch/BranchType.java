package io.fsmigrate.branch;

import java.util.Locale;
import java.util.Optional;

/** What a branch is for. */
public enum BranchType {
  /** What everybody reads; there is one, and it is always there. */
  MAIN,
  /** What is about to be released. */
  STAGING,
  /** Where changes meet. */
  DEVELOPMENT,
  /** A try that may be thrown away; named {@code experimental/x}. */
  EXPERIMENTAL,
  /** A change in the making; named {@code feature/x}. */
  FEATURE,
  /** A repair of what everybody reads; named {@code hotfix/x}. */
  HOTFIX;

  /** The type that the name of a branch says it has; empty if it says nothing. */
  public static Optional<BranchType> derive(String name) {
    return switch (name) {
      case "main" -> Optional.of(MAIN);
      case "staging" -> Optional.of(STAGING);
      case "development" -> Optional.of(DEVELOPMENT);
      default -> {
        int slash = name.indexOf('/');
        yield slash < 0 ? Optional.empty() : ofPrefix(name.substring(0, slash));
      }
    };
  }

  private static Optional<BranchType> ofPrefix(String prefix) {
    return switch (prefix) {
      case "experimental" -> Optional.of(EXPERIMENTAL);
      case "feature" -> Optional.of(FEATURE);
      case "hotfix" -> Optional.of(HOTFIX);
      default -> Optional.empty();
    };
  }

  /** The type in lower case, as people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
