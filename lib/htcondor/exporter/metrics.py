"""From what the pool said to metrics and to demand. Pure functions of their arguments."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from demand import Job, Pool, Resources, further_workers, within
from pool import Ad, Snapshot

Labels = dict[str, str]
Sample = tuple[str, Labels, float]

# Every metric there is: rules and dashboard name them, and a test compares. `_total` are counters.
METRICS = {
    "htcondor_up": "1 when the daemon answered. 0 when not, and then nothing else is said of it.",
    "htcondor_query_duration_seconds": "How long the daemon took to answer, or to fail.",
    "htcondor_snapshot_timestamp_seconds": "When the pool was asked; scrapes in between get the same answer.",
    "htcondor_exporter_cpu_seconds_total": "Processor time of the exporter and the tools that it runs.",
    "htcondor_daemons": "Daemons that the collector knows, by type.",
    "htcondor_workers": "Workers that the collector knows, by pool.",
    "htcondor_slots": "Slots by pool, type, state and activity.",
    "htcondor_cpus": "Cores of all workers of a pool.",
    "htcondor_cpus_used": "Cores that jobs have claimed.",
    "htcondor_memory_bytes": "Memory of all workers of a pool.",
    "htcondor_memory_used_bytes": "Memory that jobs have claimed.",
    "htcondor_gpus": "GPUs of all workers of a pool.",
    "htcondor_gpus_used": "GPUs that jobs have claimed.",
    "htcondor_jobs": "Jobs in the queue, by access point, state, owner, experiment and the pool that runs them.",
    "htcondor_idle_jobs_runnable": "Idle jobs that a pool could run; a job counts for each pool that could.",
    "htcondor_idle_jobs_impossible": "Idle jobs that no pool could ever run, by access point.",
    "htcondor_workers_wanted": "Further workers that idle jobs of a pool want.",
    "htcondor_negotiation_cycle_duration_seconds": "How long the last round of the negotiator took.",
    "htcondor_negotiation_cycle_end_timestamp_seconds": "When the last round of the negotiator ended.",
    "htcondor_token_expiry_timestamp_seconds": "When a token of the daemons ends.",
}

MEBIBYTE = 1024**2
IDLE, HELD = 1, 5
STATES = {1: "idle", 2: "running", 3: "removed", 4: "completed", 5: "held", 6: "transferring", 7: "suspended"}
# A submitted job is held until its files have come: nobody has to release it.
SPOOLING = 16


class Site:
    """The pool as the site file has it."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.access_points: dict[str, str] = config["accessPoints"]
        self.experiments: dict[str, str] = config["experiments"]
        self.pools = {
            name: Pool(
                cpus=pool["cpus"],
                memory=pool["memory"],
                disk=pool["disk"],
                gpus=pool["gpus"],
                groups=tuple(pool["groups"]) if "groups" in pool else None,
                containers=pool["containers"],
            )
            for name, pool in config["pools"].items()
        }

    def experiment(self, group: Optional[str]) -> str:
        return next((name for parent, name in self.experiments.items() if within(group, parent)), "")


def whole(ad: Ad, name: str) -> int:
    value = ad.get(name, 0)
    return int(value) if isinstance(value, (int, float)) else 0


def state_of(job: Ad) -> str:
    status = whole(job, "JobStatus")
    spooling = status == HELD and job.get("HoldReasonCode") == SPOOLING
    return "spooling" if spooling else STATES.get(status, "unknown")


def idle_jobs(jobs: Iterable[Ad]) -> list[Job]:
    return [
        Job(
            cpus=whole(job, "RequestCpus"),
            memory=whole(job, "RequestMemory"),
            disk=whole(job, "RequestDisk"),
            gpus=whole(job, "RequestGPUs"),
            group=job.get("AcctGroup"),
            container=job.get("WantContainer") is True,
        )
        for job in jobs
        if whole(job, "JobStatus") == IDLE
    ]


def unclaimed(slots: Iterable[Ad], pool: str) -> list[Resources]:
    """What workers of a pool have left."""
    return [
        (whole(slot, "Cpus"), whole(slot, "Memory"), whole(slot, "GPUs"))
        for slot in slots
        if slot.get("ExecutePool") == pool
        and slot.get("SlotType") == "Partitionable"
        and slot.get("State") == "Unclaimed"
    ]


def workers_wanted(site: Site, snapshot: Snapshot) -> Optional[dict[str, int]]:
    """
    Further workers by pool; None when it is not known, because then nobody should come.

    Of access points one must have answered: jobs of the others want the more.
    """
    slots = snapshot.slots
    if slots is None or (site.access_points and not snapshot.jobs):
        return None
    idle = [job for jobs in snapshot.jobs.values() for job in idle_jobs(jobs)]
    return {name: further_workers(pool, idle, unclaimed(slots, name)) for name, pool in site.pools.items()}


def samples(site: Site, snapshot: Snapshot, expiries: dict[str, int], cpu_seconds: float) -> Iterator[Sample]:
    for (daemon, name), up in snapshot.up.items():
        yield "htcondor_up", {"daemon": daemon, "name": name}, up
    for (daemon, name), seconds in snapshot.seconds.items():
        yield "htcondor_query_duration_seconds", {"daemon": daemon, "name": name}, seconds
    yield "htcondor_snapshot_timestamp_seconds", {}, snapshot.at
    yield "htcondor_exporter_cpu_seconds_total", {}, cpu_seconds
    for token, end in expiries.items():
        yield "htcondor_token_expiry_timestamp_seconds", {"token": token}, end
    yield from collector_samples(site, snapshot)
    yield from job_samples(site, snapshot)
    for name, count in (workers_wanted(site, snapshot) or {}).items():
        yield "htcondor_workers_wanted", {"pool": name}, count


def collector_samples(site: Site, snapshot: Snapshot) -> Iterator[Sample]:
    slots, schedds, negotiators = snapshot.slots, snapshot.schedds, snapshot.negotiators
    if slots is None or schedds is None or negotiators is None:
        return
    machines = {slot.get("Machine"): slot.get("ExecutePool", "") for slot in slots}
    daemons = {"startd": len(machines), "schedd": len(schedds), "negotiator": len(negotiators)}
    for kind, count in daemons.items():
        yield "htcondor_daemons", {"type": kind}, count
    kinds = Counter(
        (slot.get("ExecutePool", ""), slot.get("SlotType", ""), slot.get("State", ""), slot.get("Activity", ""))
        for slot in slots
    )
    for (pool, kind, state, activity), count in kinds.items():
        yield "htcondor_slots", {"pool": pool, "type": kind, "state": state, "activity": activity}, count
    workers = Counter(machines.values())
    # A pool of the site without workers has zero of them; one that only the collector knows is told as well.
    for pool in sorted({*site.pools, *workers}):
        own = [slot for slot in slots if slot.get("ExecutePool", "") == pool]
        claimed = [slot for slot in own if slot.get("State") == "Claimed"]
        yield "htcondor_workers", {"pool": pool}, workers[pool]
        for unit, attribute, size in (("cpus", "Cpus", 1), ("memory", "Memory", MEBIBYTE), ("gpus", "GPUs", 1)):
            suffix = "_bytes" if unit == "memory" else ""
            # A partitionable slot says what it has left, its parts what they took: together they are the worker.
            yield f"htcondor_{unit}{suffix}", {"pool": pool}, size * sum(whole(slot, attribute) for slot in own)
            used = size * sum(whole(slot, attribute) for slot in claimed)
            yield f"htcondor_{unit}_used{suffix}", {"pool": pool}, used
    for ad in negotiators:
        for name, attribute in (
            ("duration_seconds", "LastNegotiationCycleDuration0"),
            ("end_timestamp_seconds", "LastNegotiationCycleEnd0"),
        ):
            if attribute in ad:
                yield f"htcondor_negotiation_cycle_{name}", {}, whole(ad, attribute)


def job_samples(site: Site, snapshot: Snapshot) -> Iterator[Sample]:
    pools = {slot.get("Name"): slot.get("ExecutePool", "") for slot in snapshot.slots or []}
    runnable = Counter({name: 0 for name in site.pools})
    for access_point, jobs in snapshot.jobs.items():
        counted = Counter(
            (state_of(job), str(job.get("Owner", "")), site.experiment(job.get("AcctGroup")), pool_of(job, pools))
            for job in jobs
        )
        for (state, owner, experiment, pool), count in counted.items():
            labels = {"state": state, "owner": owner, "experiment": experiment, "pool": pool}
            yield "htcondor_jobs", {"access_point": access_point, **labels}, count
        impossible = 0
        for job, count in Counter(idle_jobs(jobs)).items():
            takers = [name for name, pool in site.pools.items() if pool.takes(job)]
            runnable.update({name: count for name in takers})
            impossible += 0 if takers else count
        yield "htcondor_idle_jobs_impossible", {"access_point": access_point}, impossible
    if snapshot.jobs:
        for pool, count in runnable.items():
            yield "htcondor_idle_jobs_runnable", {"pool": pool}, count


def pool_of(job: Ad, pools: dict[Any, str]) -> str:
    """The pool of the slot that a job has; none for jobs that do not run."""
    return pools.get(job.get("RemoteHost"), "") if state_of(job) not in ("idle", "held", "completed") else ""


def exposition(found: Iterable[Sample]) -> str:
    """Prometheus' text format, version 0.0.4."""
    lines: dict[str, list[str]] = {}
    for name, labels, value in found:
        shown = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
        lines.setdefault(name, []).append(
            f"{name}{{{shown}}} {float(value)!r}" if shown else f"{name} {float(value)!r}"
        )
    blocks = []
    for name, own in lines.items():
        kind = "counter" if name.endswith("_total") else "gauge"
        blocks += [f"# HELP {name} {METRICS[name]}", f"# TYPE {name} {kind}", *own]
    return "\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
