package io.fsmigrate.run;

import java.time.Instant;

/** What is stored of a lock: which run holds it, through which process, since when. */
record HeldLock(String run, RunOwner owner, Instant since) {}
