"""The demand for workers: what a pool takes, and how many of its workers that fills."""

import random
import unittest

from demand import Job, Pool, further_workers

CPU = Pool(cpus=8, memory=30720, disk=80_000, gpus=0, groups=None)
GPU = Pool(cpus=8, memory=61440, disk=100_000, gpus=2, groups=("group_cms",))
EMPTY = CPU.resources()


def jobs(count=1, cpus=1, memory=1024, disk=100, gpus=0, group="group_cms"):
    return [Job(cpus, memory, disk, gpus, group)] * count


class Takes(unittest.TestCase):
    def test_a_pool_without_gpus_takes_no_job_that_asks_for_one_and_the_other_way_round(self):
        self.assertTrue(CPU.takes(*jobs()))
        self.assertFalse(CPU.takes(*jobs(gpus=1)))
        self.assertFalse(GPU.takes(*jobs()))
        self.assertTrue(GPU.takes(*jobs(gpus=2)))
        self.assertFalse(GPU.takes(*jobs(gpus=3)))

    def test_a_job_in_a_container_is_taken_where_workers_run_them_and_other_jobs_everywhere(self):
        inside = jobs()[0]._replace(container=True)
        self.assertFalse(CPU.takes(inside))
        self.assertTrue(CPU._replace(containers=True).takes(inside))
        self.assertTrue(CPU._replace(containers=True).takes(*jobs()))

    def test_a_job_that_is_larger_than_an_empty_worker_is_taken_by_none(self):
        for wanted in ({"cpus": 9}, {"memory": 30721}, {"disk": 80_001}):
            self.assertFalse(CPU.takes(*jobs(**wanted)), wanted)
        self.assertTrue(CPU.takes(*jobs(cpus=8, memory=30720, disk=80_000)))

    def test_a_pool_of_some_experiments_takes_their_groups_and_subgroups_and_nothing_that_begins_alike(self):
        for group, taken in (("group_cms", True), ("group_cms.batch", True), ("group_cmsx", False), (None, False)):
            self.assertEqual(GPU.takes(*jobs(gpus=1, group=group)), taken, group)
        self.assertTrue(CPU.takes(*jobs(group=None)))


class FurtherWorkers(unittest.TestCase):
    def test_nobody_is_asked_for_when_nothing_waits_or_nothing_that_waits_could_run(self):
        self.assertEqual(further_workers(CPU, [], []), 0)
        self.assertEqual(further_workers(CPU, jobs(100, gpus=1) + jobs(5, cpus=64), []), 0)

    def test_a_worker_holds_as_many_jobs_as_the_scarcest_resource_allows(self):
        self.assertEqual(further_workers(CPU, jobs(8), []), 1)
        self.assertEqual(further_workers(CPU, jobs(9), []), 2)
        self.assertEqual(further_workers(CPU, jobs(9, memory=10240), []), 3)
        self.assertEqual(further_workers(GPU, jobs(5, gpus=1), []), 3)

    def test_memory_is_rounded_up_as_the_worker_does(self):
        # Eight times 3,841 would be 30,728; each takes 3,968.
        self.assertEqual(further_workers(CPU, jobs(8, memory=3840), []), 1)
        self.assertEqual(further_workers(CPU, jobs(8, memory=3841), []), 2)

    def test_a_worker_that_has_come_and_is_not_matched_yet_is_not_asked_for_again(self):
        self.assertEqual(further_workers(CPU, jobs(16), [EMPTY]), 1)
        self.assertEqual(further_workers(CPU, jobs(16), [EMPTY, EMPTY]), 0)
        self.assertEqual(further_workers(CPU, jobs(16), [EMPTY] * 5), 0)

    def test_what_is_left_of_busy_workers_counts_for_what_fits_there(self):
        left = (3, 4096, 0)
        self.assertEqual(further_workers(CPU, jobs(3), [left]), 0)
        self.assertEqual(further_workers(CPU, jobs(4), [left]), 1)
        self.assertEqual(further_workers(CPU, jobs(1, cpus=4), [left]), 1)

    def test_jobs_of_other_sizes_share_a_worker(self):
        self.assertEqual(further_workers(CPU, jobs(1, cpus=6) + jobs(2), []), 1)
        self.assertEqual(further_workers(CPU, jobs(2, cpus=6) + jobs(4), []), 2)
        self.assertEqual(further_workers(CPU, jobs(2, cpus=6) + jobs(5), []), 3)

    def test_the_order_of_the_queue_changes_nothing(self):
        queue = jobs(7, cpus=3) + jobs(11) + jobs(2, cpus=8) + jobs(4, memory=9000)
        wanted = further_workers(CPU, queue, [EMPTY, (2, 2048, 0)])
        for seed in range(20):
            random.Random(seed).shuffle(queue)  # noqa: S311
            self.assertEqual(further_workers(CPU, queue, [(2, 2048, 0), EMPTY]), wanted)

    def test_with_as_many_workers_as_were_asked_for_nobody_else_is(self):
        for seed in range(200):
            chance = random.Random(seed)  # noqa: S311
            queue = [
                Job(chance.randint(1, 9), chance.randint(1, 32000), 100, 0, "group_cms")
                for _ in range(chance.randint(0, 60))
            ]
            free = [(chance.randint(0, 8), chance.randint(0, 30720), 0) for _ in range(chance.randint(0, 6))]
            wanted = further_workers(CPU, queue, free)
            self.assertGreaterEqual(wanted, 0)
            self.assertLessEqual(wanted, sum(CPU.takes(job) for job in queue))
            # As each is laid in as before, none is left when they have come.
            self.assertEqual(further_workers(CPU, queue, free + [EMPTY] * wanted), 0, seed)

    def test_a_long_queue_costs_no_more_than_its_kinds_of_jobs(self):
        self.assertEqual(further_workers(CPU, jobs(200_000), [EMPTY] * 500), 25_000 - 500)


if __name__ == "__main__":
    unittest.main()
