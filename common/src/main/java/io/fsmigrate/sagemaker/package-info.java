/**
 * Amazon SageMaker Feature Store as both sides of a migration meet it: access to the account and
 * the definitions of feature groups. Offline and online stores build on it.
 */
package io.fsmigrate.sagemaker;
