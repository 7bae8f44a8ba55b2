/**
 * A Jupyter kernel for Java: cells run in a JShell that has Spark and fs-migrate on its class path,
 * and tables and charts are drawn below them.
 */
package io.fsmigrate.notebooks;
