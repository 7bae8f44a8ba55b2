package io.fsmigrate.offline.sagemaker;

import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.JobStatus;
import org.apache.hadoop.mapreduce.OutputCommitter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.internal.io.HadoopMapReduceCommitProtocol;
import scala.Option;

/**
 * Writes each file under the name that it keeps.
 *
 * <p>The ordinary committers write aside and rename. On S3 a rename is a copy of every byte and not
 * atomic, and the committer that avoids it (S3A's magic one) is not among the jars of every
 * platform. An object of S3 is there whole or not at all, so that a file can have its final name
 * from the start. The name tells the run and the task, not the attempt: what a second attempt of a
 * task writes takes the place of the first one's. What a dead job leaves is found by the run's
 * name.
 */
public final class FinalNames extends HadoopMapReduceCommitProtocol {
  private static final long serialVersionUID = 1L;

  /** The option of a writing that names the run; it starts each file's name. */
  static final String RUN = "fs.run";

  private final String path;

  /** As Spark makes it: by reflection, with these parameters. */
  public FinalNames(String jobId, String path, boolean dynamicPartitionOverwrite) {
    super(jobId, path, dynamicPartitionOverwrite);
    this.path = path;
  }

  @Override
  public OutputCommitter setupCommitter(TaskAttemptContext context) {
    return new Nothing();
  }

  @Override
  public String newTaskTempFile(
      TaskAttemptContext context, Option<String> directory, FileNameSpec spec) {
    // Spark counts the files of a task in the suffix.
    String name =
        "%s-%05d%s"
            .formatted(
                context.getConfiguration().get(RUN),
                context.getTaskAttemptID().getTaskID().getId(),
                spec.suffix());
    Path parent = directory.isDefined() ? new Path(path, directory.get()) : new Path(path);
    return new Path(parent, name).toString();
  }

  /** There is nothing to move, and no mark to leave in a place that others read. */
  private static final class Nothing extends OutputCommitter {
    @Override
    public void setupJob(JobContext context) {}

    @Override
    public void setupTask(TaskAttemptContext context) {}

    @Override
    public boolean needsTaskCommit(TaskAttemptContext context) {
      return false;
    }

    @Override
    public void commitTask(TaskAttemptContext context) {}

    @Override
    public void abortTask(TaskAttemptContext context) {}

    @Override
    public void commitJob(JobContext context) {}

    @Override
    public void abortJob(JobContext context, JobStatus.State state) {}
  }
}
