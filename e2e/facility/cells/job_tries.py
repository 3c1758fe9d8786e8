"""Runs in a notebook: tries what is done with jobs on the job of somebody, and prints how each was refused, or null.

JOB is put before this text: the number of the job in the queue.
"""

import json
import subprocess

TRIES = {
    "hold the job": ["condor_hold", JOB],
    "fetch the files of the job": ["condor_transfer_data", JOB],
    "change the job": ["condor_qedit", JOB, "JobPrio", "1"],
    "release the job": ["condor_release", JOB],
    "remove the job": ["condor_rm", JOB],
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
    return None if JOB in done.stdout.split() else "not among the jobs"


tries = {"see the job in one's own queue": listed(), **{what: attempt(command) for what, command in TRIES.items()}}
print(json.dumps([{"what": what, "refused": refused} for what, refused in tries.items()]))
