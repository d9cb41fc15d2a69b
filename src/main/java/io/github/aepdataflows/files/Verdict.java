package io.github.aepdataflows.files;

/** What becomes of a file of the inbox that was worked on: it goes to done/ or failed/, or stays. */
enum Verdict { DONE, FAILED, STAYS }
