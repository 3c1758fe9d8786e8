"""What HTCondor's own tools say of the pool, and when they said nothing."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, NamedTuple, Optional

Ad = dict[str, Any]
# Kind of daemon, and its name.
Daemon = tuple[str, str]

COLLECTOR: Daemon = ("collector", "central-manager")

# Seconds: together with the time of a scrape less than Prometheus waits.
TIMEOUT = 10

SLOT = ("Machine", "ExecutePool", "Name", "SlotType", "State", "Activity", "Cpus", "Memory", "GPUs")
NEGOTIATOR = ("Name", "LastNegotiationCycleDuration0", "LastNegotiationCycleEnd0")
SCHEDD = ("Name",)
# The last ones are what requests are computed from: unless they are asked for, the schedd does not send them.
JOB = (
    "JobStatus",
    "HoldReasonCode",
    "Owner",
    "AcctGroup",
    "RemoteHost",
    "RequestCpus",
    "RequestMemory",
    "RequestDisk",
    "RequestGPUs",
    "WantContainer",
    "MemoryUsage",
    "ResidentSetSize",
    "ImageSize",
    "DiskUsage",
)


class Snapshot(NamedTuple):
    """The pool at one moment. What could not be asked is None or not there, and never empty."""

    at: float
    up: dict[Daemon, bool]
    seconds: dict[Daemon, float]
    slots: Optional[list[Ad]]
    schedds: Optional[list[Ad]]
    negotiators: Optional[list[Ad]]
    jobs: dict[str, list[Ad]]
    """Jobs by access point."""


def run(command: list[str], environment: dict[str, str]) -> str:
    """Output of a tool of HTCondor; an exception when it failed or was too slow."""
    done = subprocess.run(  # noqa: S603
        command,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:2])}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def ads(kind: list[str], attributes: tuple[str, ...]) -> list[Ad]:
    """Ads that the collector has; the tool writes nothing where there are none."""
    text = run(["condor_status", *kind, "-json", "-attributes", ",".join(attributes)], {})
    return json.loads(text) if text.strip() else []


def queue(address: str) -> list[Ad]:
    """Jobs of an access point. Not as JSON, which leaves expressions as they are: requests often are some."""
    text = run(["condor_q", "-allusers", "-af:tV", *JOB], {"_condor_SCHEDD_HOST": address})
    return [job(line) for line in text.splitlines() if line.strip()]


def job(line: str) -> Ad:
    """Values of a line, as ClassAds are written; those that do not exist are left out."""
    texts = line.lstrip("\t").split("\t")
    if len(texts) != len(JOB):
        raise ValueError(f"condor_q gave {len(texts)} values instead of {len(JOB)}")
    return {name: json.loads(text) for name, text in zip(JOB, texts) if text not in ("undefined", "error")}


def collector_ads() -> tuple[list[Ad], list[Ad], list[Ad]]:
    """All at the same time: one after the other they may take longer together than Prometheus waits."""
    with ThreadPoolExecutor(3) as executor:
        slots = executor.submit(ads, [], SLOT)
        schedds = executor.submit(ads, ["-schedd"], SCHEDD)
        negotiators = executor.submit(ads, ["-negotiator"], NEGOTIATOR)
        return slots.result(), schedds.result(), negotiators.result()


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """The answer, or None, and how long it took. Why there is none goes into the log of the pod."""
    start = time.monotonic()
    try:
        answer = ask()
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        print(f"no answer: {error}", flush=True)
        answer = None
    return answer, time.monotonic() - start


def take(access_points: dict[str, str]) -> Snapshot:
    """Asks the collector and every access point at the same time; one that is away keeps nobody waiting."""
    asks: dict[Daemon, Callable[[], Any]] = {COLLECTOR: collector_ads}
    for name, address in access_points.items():
        asks["schedd", name] = lambda address=address: queue(address)
    with ThreadPoolExecutor(len(asks)) as executor:
        answers = dict(zip(asks, executor.map(timed, asks.values())))
    told, _ = answers[COLLECTOR]
    slots, schedds, negotiators = told if told is not None else (None, None, None)
    return Snapshot(
        at=time.time(),
        up={daemon: answer is not None for daemon, (answer, _) in answers.items()},
        seconds={daemon: seconds for daemon, (_, seconds) in answers.items()},
        slots=slots,
        schedds=schedds,
        negotiators=negotiators,
        jobs={
            name: answer for (_, name), (answer, _) in answers.items() if name != COLLECTOR[1] and answer is not None
        },
    )
