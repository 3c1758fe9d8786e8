"""Runs in a notebook: tries what is done with jobs on those of somebody, and prints how each was refused, or null.

RUNNING and DONE are put before this text: a job that runs, by its number, and one that has ended, by its number as `job`
and the `folder` from which it was sent.
"""

import json
import os
import subprocess

ON_RUNNING = {
    "hold the job": ["condor_hold", RUNNING],
    "change the job": ["condor_qedit", RUNNING, "JobPrio", "1"],
    "release the job": ["condor_release", RUNNING],
    "remove the job": ["condor_rm", RUNNING],
}


def attempt(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode == 0:
        return None
    said = (done.stdout + done.stderr).strip().splitlines()
    return said[-1].strip() if said else f"exit {done.returncode}"


def listed():
    """Whether the user's own view of the queue has the job."""
    done = subprocess.run(["condor_q", "-format", "%d\n", "ClusterId"], capture_output=True, text=True, check=True)
    return None if RUNNING in done.stdout.split() else "not among the jobs"


def fetch():
    """Whether output comes. The command says nothing of jobs that it leaves out; files go to where they came from."""
    os.makedirs(DONE["folder"], exist_ok=True)
    said = attempt(["condor_transfer_data", DONE["job"]])
    return None if os.path.exists(os.path.join(DONE["folder"], "out")) else said or "no error, and no file comes"


tries = {
    "see the job in one's own queue": listed(),
    **{what: attempt(command) for what, command in ON_RUNNING.items()},
    "fetch the output of the job": fetch(),
}
print(json.dumps([{"what": what, "refused": refused} for what, refused in tries.items()]))
