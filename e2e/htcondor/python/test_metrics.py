"""Metrics: what is counted, what is left out when a daemon does not answer, and the text."""

import re
import unittest

from metrics import METRICS, Site, exposition, samples, workers_wanted
from pool import COLLECTOR, Snapshot

SITE = Site(
    {
        "accessPoints": {"ap1": "ap1:9618", "ap2": "ap2:9618"},
        "experiments": {"group_cms": "cms", "group_my_vo": "my-vo"},
        "pools": {
            "cpu": {"cpus": 8, "memory": 8192, "disk": 1000, "gpus": 0, "containers": False},
            "a100": {
                "cpus": 8,
                "memory": 8192,
                "disk": 1000,
                "gpus": 1,
                "containers": False,
                "groups": ["group_cms"],
            },
        },
    }
)


def slot(machine, kind, state, cpus, memory, name="slot1", gpus=None, pool="cpu"):
    ad = {"Machine": machine, "ExecutePool": pool, "Name": f"{name}@{machine}", "SlotType": kind, "State": state}
    ad.update({"Activity": "Busy" if state == "Claimed" else "Idle", "Cpus": cpus, "Memory": memory})
    return ad if gpus is None else {**ad, "GPUs": gpus}


SLOTS = [
    slot("a", "Partitionable", "Unclaimed", 5, 6144),
    slot("a", "Dynamic", "Claimed", 3, 2048, "slot1_1"),
    slot("b", "Partitionable", "Unclaimed", 8, 8192),
    slot("g", "Partitionable", "Unclaimed", 7, 8000, gpus=0, pool="a100"),
    slot("g", "Dynamic", "Claimed", 1, 192, "slot1_1", gpus=1, pool="a100"),
]


def job(status, **more):
    ad = {"JobStatus": status, "Owner": "cms_a", "AcctGroup": "group_cms.batch", "RequestCpus": 1, "RequestMemory": 1}
    return {**ad, "RequestDisk": 1, **more}


JOBS = {
    "ap1": [
        job(1),
        job(1),
        job(1, RequestCpus=64),
        job(1, WantContainer=True),
        job(1, RequestGPUs=1),
        job(1, RequestGPUs=1, AcctGroup="group_my_vo", Owner="my-vo_b"),
        job(2, RemoteHost="slot1_1@a"),
        job(2, RemoteHost="slot1_1@g"),
        job(2, RemoteHost="slot1_1@gone"),
        job(4),
        job(5, HoldReasonCode=16),
        job(5, HoldReasonCode=1),
    ],
    "ap2": [],
}


def snapshot(slots=SLOTS, jobs=JOBS):
    known = slots is not None
    return Snapshot(
        at=1000.5,
        up={COLLECTOR: known, ("schedd", "ap1"): "ap1" in jobs, ("schedd", "ap2"): "ap2" in jobs},
        seconds={COLLECTOR: 0.25},
        slots=slots,
        schedds=[{"Name": "ap1"}] if known else None,
        negotiators=[{"LastNegotiationCycleDuration0": 3, "LastNegotiationCycleEnd0": 990}] if known else None,
        jobs=jobs,
    )


def values(found, name, /, **labels):
    """Sum of the samples of a metric with these labels; None when there is none."""
    own = [value for each, has, value in found if each == name and labels.items() <= has.items()]
    return sum(own) if own else None


def of(taken):
    return list(samples(SITE, taken, {"ap": 2000, "execute": 3000}, 1.5))


class Full(unittest.TestCase):
    def setUp(self):
        self.found = of(snapshot())

    def is_(self, expected, name, **labels):
        self.assertEqual(values(self.found, f"htcondor_{name}", **labels), expected, (name, labels))

    def test_every_metric_of_the_table_is_exported_and_no_other(self):
        self.assertEqual({name for name, _, _ in self.found}, set(METRICS))

    def test_no_series_is_told_twice(self):
        series = [(name, *sorted(labels.items())) for name, labels, _ in self.found]
        self.assertEqual(len(set(series)), len(series))

    def test_a_worker_is_what_its_slot_has_left_and_what_jobs_took(self):
        self.is_(2, "workers", pool="cpu")
        self.is_(16, "cpus", pool="cpu")
        self.is_(3, "cpus_used", pool="cpu")
        self.is_(16384 * 1024**2, "memory_bytes", pool="cpu")
        self.is_(2048 * 1024**2, "memory_used_bytes", pool="cpu")
        self.is_(1, "gpus", pool="a100")
        self.is_(1, "gpus_used", pool="a100")
        self.is_(2, "slots", pool="cpu", type="Partitionable", state="Unclaimed", activity="Idle")
        self.is_(3, "daemons", type="startd")
        self.is_(1, "daemons", type="schedd")

    def test_jobs_are_told_by_state_owner_experiment_and_the_pool_that_runs_them(self):
        self.is_(12, "jobs", access_point="ap1")
        self.is_(6, "jobs", state="idle")
        self.is_(1, "jobs", state="running", pool="cpu", owner="cms_a", experiment="cms")
        self.is_(1, "jobs", state="running", pool="a100")
        self.is_(1, "jobs", state="running", pool="")
        self.is_(1, "jobs", state="idle", experiment="my-vo", owner="my-vo_b")

    def test_a_job_whose_files_are_still_coming_is_not_held(self):
        self.is_(1, "jobs", state="held")
        self.is_(1, "jobs", state="spooling")
        # 16 is SpoolingInput, 1 is UserRequest.
        for code, state in ((16, "spooling"), (1, "held")):
            self.found = of(snapshot(jobs={"ap1": [job(5, HoldReasonCode=code)]}))
            self.is_(1, "jobs", state=state)

    def test_a_held_job_runs_nowhere_though_it_may_remember_where_it_did(self):
        self.found = of(snapshot(jobs={"ap1": [job(5, HoldReasonCode=1, RemoteHost="slot1_1@a")]}))
        self.is_(1, "jobs", state="held", pool="")

    def test_idle_jobs_are_told_by_the_pools_that_could_run_them(self):
        self.is_(2, "idle_jobs_runnable", pool="cpu")
        self.is_(1, "idle_jobs_runnable", pool="a100")
        self.is_(3, "idle_jobs_impossible", access_point="ap1")
        self.is_(0, "idle_jobs_impossible", access_point="ap2")
        self.is_(0, "workers_wanted", pool="cpu")
        self.is_(1, "workers_wanted", pool="a100")

    def test_a_pool_of_the_site_without_workers_has_zero(self):
        self.found = of(snapshot(slots=[]))
        self.is_(0, "workers", pool="cpu")
        self.is_(0, "cpus", pool="a100")

    def test_tokens_and_the_negotiator_are_told(self):
        self.is_(2000, "token_expiry_timestamp_seconds", token="ap")  # noqa: S106
        self.is_(3, "negotiation_cycle_duration_seconds")
        self.is_(990, "negotiation_cycle_end_timestamp_seconds")


class Failed(unittest.TestCase):
    def test_a_collector_that_does_not_answer_is_down_and_nothing_is_zero(self):
        found = of(snapshot(slots=None))
        self.assertEqual(values(found, "htcondor_up", daemon="collector"), 0)
        for name in ("workers", "cpus", "slots", "daemons", "workers_wanted", "negotiation_cycle_duration_seconds"):
            self.assertIsNone(values(found, f"htcondor_{name}"), name)
        self.assertEqual(values(found, "htcondor_jobs", state="idle"), 6)

    def test_an_access_point_that_does_not_answer_is_down_and_has_no_jobs_told(self):
        found = of(snapshot(jobs={"ap2": []}))
        self.assertEqual(values(found, "htcondor_up", name="ap1"), 0)
        self.assertEqual(values(found, "htcondor_up", name="ap2"), 1)
        self.assertIsNone(values(found, "htcondor_jobs", access_point="ap1"))
        self.assertIsNone(values(found, "htcondor_idle_jobs_impossible", access_point="ap1"))

    def test_the_demand_is_known_when_the_collector_and_one_access_point_answer(self):
        self.assertEqual(workers_wanted(SITE, snapshot()), {"cpu": 0, "a100": 1})
        self.assertEqual(workers_wanted(SITE, snapshot(jobs={"ap2": []})), {"cpu": 0, "a100": 0})
        self.assertIsNone(workers_wanted(SITE, snapshot(slots=None)))
        self.assertIsNone(workers_wanted(SITE, snapshot(jobs={})))


class Left(unittest.TestCase):
    """What workers have left is of their own pool, and only while they take jobs."""

    def wanted(self, *slots):
        return workers_wanted(SITE, snapshot(slots=list(slots), jobs={"ap1": [job(1)]}))["cpu"]

    def test_a_worker_that_has_room_is_enough(self):
        self.assertEqual(self.wanted(slot("a", "Partitionable", "Unclaimed", 8, 8192)), 0)

    def test_one_of_another_pool_one_that_drains_or_the_slot_of_a_job_is_none(self):
        self.assertEqual(self.wanted(slot("a", "Partitionable", "Unclaimed", 8, 8192, pool="a100")), 1)
        self.assertEqual(self.wanted(slot("a", "Partitionable", "Drained", 8, 8192)), 1)
        self.assertEqual(self.wanted(slot("a", "Dynamic", "Unclaimed", 8, 8192)), 1)

    def test_memory_is_taken_in_the_steps_of_htcondor(self):
        two = {"ap1": [job(1, RequestMemory=129), job(1, RequestMemory=129)]}
        room = slot("a", "Partitionable", "Unclaimed", 8, 256 + 255)
        self.assertEqual(workers_wanted(SITE, snapshot(slots=[room], jobs=two))["cpu"], 1)

    def test_a_pool_without_access_points_wants_nobody(self):
        site = Site({"accessPoints": {}, "experiments": {}, "pools": {}})
        self.assertEqual(workers_wanted(site, snapshot(jobs={})), {})


class Text(unittest.TestCase):
    def test_what_only_grows_is_a_counter(self):
        text = exposition(of(snapshot()))
        self.assertEqual(
            re.findall(r"^# TYPE (\S+) counter$", text, re.MULTILINE), ["htcondor_exporter_cpu_seconds_total"]
        )

    def test_each_metric_is_explained_once_and_its_samples_stand_together(self):
        text = exposition(of(snapshot()))
        names = re.findall(r"^# TYPE (\S+) (?:gauge|counter)$", text, re.MULTILINE)
        self.assertEqual(sorted(names), sorted(METRICS))
        order = [re.match(r"\w+", line).group() for line in text.splitlines() if not line.startswith("#")]
        self.assertEqual(order, [name for name in names for _ in range(order.count(name))])
        self.assertTrue(text.endswith("\n"))

    def test_a_label_may_hold_any_text(self):
        text = exposition([("htcondor_up", {"name": 'a"b\\c\nd'}, True)])
        self.assertIn('htcondor_up{name="a\\"b\\\\c\\nd"} 1.0', text)


if __name__ == "__main__":
    unittest.main()
