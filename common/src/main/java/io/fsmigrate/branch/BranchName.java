package io.fsmigrate.branch;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a branch may be called: it stands before a colon in an address and in paths. */
final class BranchName {
  static final String MAIN = "main";

  private static final int LONGEST = 100;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");

  private BranchName() {}

  static void check(String name) {
    // These two read as the scheme of a raw source in an address.
    boolean scheme = name.equals("parquet") || name.equals("delta") || name.equals("sagemaker");
    if (scheme || name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw BranchErrors.invalidName(name);
    }
  }

  /**
   * The type of a new branch: what its name says, which a type that is given must not contradict.
   */
  static BranchType type(String name, Optional<BranchType> given) {
    check(name);
    Optional<BranchType> derived = BranchType.derive(name);
    BranchType type = derived.or(() -> given).orElseThrow(() -> BranchErrors.typeNeeded(name));
    if (given.isPresent() && given.get() != type) {
      throw BranchErrors.typeContradicts(name, type, given.get());
    }
    if (type == BranchType.MAIN && !name.equals(MAIN)) {
      throw BranchErrors.onlyOneMain(name);
    }
    return type;
  }
}
