"""Plans a migration, waits for a person to approve it, runs exactly that plan, and shows what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG

PLAN = """
/opt/fs-migrate/submit-scripts/fs-migrate --conf /feature-store/conf/feature-store.conf \
  plan parquet:/feature-store/input/clicks clicks@1.0.0 --out /feature-store/plans/{{ ts_nodash }}.json
"""

# Exit code 3 is a run that finished with failed records, within --max-failures; `check` shows them.
MIGRATE = """
/opt/fs-migrate/submit-scripts/fs-migrate --conf /feature-store/conf/feature-store.conf \
  migrate --plan /feature-store/plans/{{ ts_nodash }}.json --report /feature-store/reports/{{ ts_nodash }}.json \
  || { code=$?; [ $code -eq 3 ] || exit $code; }
"""

CHECK = """
set -e
/opt/fs-migrate/submit-scripts/fs-migrate --conf /feature-store/conf/feature-store.conf runs show latest
/opt/fs-migrate/submit-scripts/fs-migrate --conf /feature-store/conf/feature-store.conf runs failed latest --limit 20
/opt/fs-migrate/submit-scripts/fs-migrate --conf /feature-store/conf/feature-store.conf branch show main
"""

with DAG(
    dag_id="fs_migrate_clicks",
    description=__doc__,
    start_date=datetime(2026, 1, 1),
    schedule=None,
    catchup=False,
    # Two runs to one target: the second would be refused.
    max_active_runs=1,
    # What to do after a failure depends on the exit code, so nothing is tried again by itself.
    default_args={"retries": 0},
):
    plan = BashOperator(
        task_id="plan", bash_command=PLAN, execution_timeout=timedelta(hours=1)
    )
    approve = ApprovalOperator(
        task_id="approve",
        subject="Migrate clicks to 1.0.0?",
        body="The plan is in the log of the task `plan` and in /feature-store/plans/{{ ts_nodash }}.json.",
        execution_timeout=timedelta(days=1),
    )
    migrate = BashOperator(
        task_id="migrate", bash_command=MIGRATE, execution_timeout=timedelta(hours=12)
    )
    check = BashOperator(
        task_id="check", bash_command=CHECK, execution_timeout=timedelta(minutes=10)
    )

    plan >> approve >> migrate >> check
