# docker build -f submit-scripts/image/kubernetes.Dockerfile -t fs-migrate-spark \
#   --build-arg FS_MIGRATE=registry.example.com/fs-migrate@sha256:... \
#   --build-arg SPARK=apache/spark:4.2.0-scala2.13-java17-ubuntu@sha256:... submit-scripts/image
#
# The image of the drivers and executors that the Spark operators start: Apache Spark's own, with the program's jar and
# Delta Lake. Both bases are given with their digests; they have no defaults, so that nothing is built on a tag that moved.
# FS_MIGRATE was built with the SPARK of the same release: that is where Delta Lake comes from.

ARG FS_MIGRATE
ARG SPARK

FROM ${FS_MIGRATE} AS program

FROM ${SPARK}
COPY --from=program /opt/fs-migrate/jobs/target/fs-migrate.jar /opt/fs-migrate/fs-migrate.jar
COPY --from=program /opt/fs-migrate/jobs/target/spark/jars/delta-*.jar /opt/spark/jars/
# The user of Apache Spark's image.
USER 185
