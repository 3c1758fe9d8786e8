"""How many further workers the idle jobs of a pool want. Pure functions: nothing here asks HTCondor."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Optional

# A worker rounds the memory of each job up to a multiple of this many mebibytes (CONSUMPTION_MEMORY).
MEMORY_STEP = 128

# Cores, mebibytes of memory, GPUs.
Resources = tuple[int, int, int]


class Job(NamedTuple):
    """What an idle job asks for."""

    cpus: int
    memory: int
    """Mebibytes."""
    disk: int
    """Kibibytes."""
    gpus: int
    group: Optional[str]
    """Accounting group, `group_cms.batch`."""
    container: bool = False
    """Whether it runs in a container."""

    def resources(self) -> Resources:
        return (max(self.cpus, 1), -(-self.memory // MEMORY_STEP) * MEMORY_STEP, self.gpus)


class Pool(NamedTuple):
    """What one worker of a group of workers offers, and to whom."""

    cpus: int
    memory: int
    """Mebibytes."""
    disk: int
    """Kibibytes that one job may ask for."""
    gpus: int
    groups: Optional[tuple[str, ...]]
    """Accounting groups whose jobs are taken, subgroups with them; without it all are."""
    containers: bool = False
    """Whether its workers run jobs in containers."""

    def resources(self) -> Resources:
        return (self.cpus, self.memory, self.gpus)

    def takes(self, job: Job) -> bool:
        """The same as START of the worker, and that the job finds what it needs in an empty one."""
        return (
            job.disk <= self.disk
            and (job.gpus >= 1) == (self.gpus >= 1)
            and (self.containers or not job.container)
            and times(self.resources(), job.resources()) >= 1
            and (self.groups is None or any(within(job.group, group) for group in self.groups))
        )


def within(group: Optional[str], parent: str) -> bool:
    return group is not None and (group == parent or group.startswith(parent + "."))


def times(free: Resources, request: Resources) -> int:
    """How often a request fits."""
    return min(have // need for have, need in zip(free, request) if need > 0)


def minus(free: Resources, request: Resources, count: int) -> Resources:
    return (free[0] - count * request[0], free[1] - count * request[1], free[2] - count * request[2])


def further_workers(pool: Pool, idle: Iterable[Job], unclaimed: Iterable[Resources]) -> int:
    """
    Workers that must come so that every idle job that the pool takes can run.

    Jobs are laid into what workers of the pool have left first, so that a worker that has just come and waits for the
    negotiator is not asked for twice; the largest jobs first, then into new workers. Disk does not count here: a worker
    offers what its node has, which nobody knows before it has come.
    """
    wanted = Counter(job.resources() for job in idle if pool.takes(job))
    bins = Counter(unclaimed)
    workers = 0
    for request, count in sorted(wanted.items(), reverse=True):
        bins, left = lay(bins, request, count)
        if left > 0:
            whole = pool.resources()
            new = -(-left // times(whole, request))
            workers += new
            laid, _ = lay(Counter({whole: new}), request, left)
            bins.update(laid)
    return workers


def lay(bins: "Counter[Resources]", request: Resources, count: int) -> "tuple[Counter[Resources], int]":
    """Lays equal jobs into bins, equal ones together; gives what the bins have left, and how many jobs are left."""
    after: Counter[Resources] = Counter()
    for free, here in bins.items():
        each = times(free, request)
        filled = min(here, count // each) if each > 0 else 0
        if filled > 0:
            after[minus(free, request, each)] += filled
            count -= filled * each
        rest = here - filled
        if rest > 0 and 0 < count < each:
            after[minus(free, request, count)] += 1
            count = 0
            rest -= 1
        if rest > 0:
            after[free] += rest
    return after, count
