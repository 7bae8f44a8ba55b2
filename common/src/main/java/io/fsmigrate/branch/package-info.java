/**
 * Branches: named, isolated views of which table and version each feature group shows. A branch is
 * a pointer to a commit, a commit is a whole manifest, so creating and moving a branch costs one
 * small commit whatever the size of the data.
 */
package io.fsmigrate.branch;
