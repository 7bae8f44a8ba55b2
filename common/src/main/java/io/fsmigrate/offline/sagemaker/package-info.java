/**
 * The offline store of a SageMaker feature group as the source and the target of a run: its data
 * files read directly or by Athena's UNLOAD, its online records beside them, deletions honoured,
 * and rows written in bulk in the store's own layout. All files are reached through Hadoop's file
 * systems, so that what gives the job access to S3 is the platform's.
 */
package io.fsmigrate.offline.sagemaker;
