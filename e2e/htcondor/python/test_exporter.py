"""The program as it runs, with tools that say what a test wants them to say."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pool
from exporter import FRESH, REST, Cache, expiries, handler, main
from metrics import Site
from pool import COLLECTOR, JOB, take

CONFIG = {
    "accessPoints": {"ap1": "ap1.example.org:9618"},
    "experiments": {"group_cms": "cms"},
    "pools": {"cpu": {"cpus": 4, "memory": 8192, "disk": 1000, "gpus": 0, "containers": False}},
}
WORKER = {"Machine": "w", "ExecutePool": "cpu", "SlotType": "Partitionable", "State": "Unclaimed", "Cpus": 1}
IDLE = '\t1\tundefined\t"cms_a"\t"group_cms"\tundefined\t1\t3\t7\tundefined\tundefined\tundefined\tundefined\t2049\t7'


class WithTools(unittest.TestCase):
    """`condor_status` and `condor_q` are scripts of the test; what they were called with is in `calls`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        path = mock.patch.dict(os.environ, {"PATH": f"{self.folder}:{os.environ['PATH']}"})
        path.start()
        self.addCleanup(path.stop)
        quiet = contextlib.redirect_stdout(io.StringIO())
        self.said = quiet.__enter__()
        self.addCleanup(quiet.__exit__, None, None, None)
        self.tool(
            "condor_status", f"case \"$*\" in *-schedd*|*-negotiator*) ;; *) echo '{json.dumps([WORKER])}';; esac"
        )
        self.tool("condor_q", f"printf '%s\\n' '{IDLE}'")

    def tool(self, name, script):
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $_condor_SCHEDD_HOST $*" >> {self.folder}/calls\n{script}\n')
        file.chmod(0o755)

    def take(self):
        return take(CONFIG["accessPoints"])


class Asked(WithTools):
    def test_requests_that_are_expressions_have_been_computed_by_the_tool(self):
        self.assertEqual(
            self.take().jobs,
            {
                "ap1": [
                    {
                        "JobStatus": 1,
                        "Owner": "cms_a",
                        "AcctGroup": "group_cms",
                        "RequestCpus": 1,
                        "RequestMemory": 3,
                        "RequestDisk": 7,
                        "ImageSize": 2049,
                        "DiskUsage": 7,
                    }
                ]
            },
        )

    def test_the_access_point_is_asked_at_its_own_address_for_the_jobs_of_everybody(self):
        self.take()
        calls = (self.folder / "calls").read_text().splitlines()
        self.assertIn(f"condor_q ap1.example.org:9618 -allusers -af:tV {' '.join(JOB)}", calls)
        self.assertEqual(len(calls), 4)

    def test_each_access_point_is_asked_for_its_own_jobs(self):
        take({"ap1": "ap1.example.org:9618", "ap2": "ap2.example.org:9618"})
        calls = (self.folder / "calls").read_text()
        for address in ("ap1.example.org:9618", "ap2.example.org:9618"):
            self.assertEqual(calls.count(f"condor_q {address} "), 1, address)

    def test_one_job_whose_requests_make_no_sense_hides_no_other(self):
        broken = IDLE.replace("\t3\t7", "\terror\t7")
        self.tool("condor_q", f"printf '%s\\n' '{broken}' '' '{IDLE}'")
        first, second = self.take().jobs["ap1"]
        self.assertNotIn("RequestMemory", first)
        self.assertEqual(second["RequestMemory"], 3)

    def test_the_collector_is_asked_for_everything_at_once(self):
        self.tool("condor_status", "sleep 0.4")
        self.assertLess(self.take().seconds[COLLECTOR], 1.1)

    def test_no_ads_are_an_empty_list_and_not_a_failure(self):
        self.tool("condor_status", "true")
        taken = self.take()
        self.assertEqual((taken.slots, taken.up[COLLECTOR]), ([], True))

    def test_a_tool_that_fails_hangs_or_talks_nonsense_is_a_daemon_that_is_down(self):
        for script in ("echo denied >&2; exit 1", "exec sleep 60", "echo '1 2 3'", "printf '\\t1\\t2\\n'"):
            with mock.patch.object(pool, "TIMEOUT", 0.5):
                self.tool("condor_q", script)
                taken = self.take()
            self.assertEqual(taken.up, {COLLECTOR: True, ("schedd", "ap1"): False}, script)
            self.assertEqual(taken.jobs, {}, script)
        self.assertIn("denied", self.said.getvalue())

    def test_a_collector_that_is_away_hides_no_access_point(self):
        self.tool("condor_status", "exit 1")
        taken = self.take()
        self.assertEqual(taken.up, {COLLECTOR: False, ("schedd", "ap1"): True})
        self.assertIsNone(taken.slots)


class Served(WithTools):
    def setUp(self):
        super().setUp()
        (self.folder / "tokens").mkdir()
        (self.folder / "tokens" / "ap").write_text("2000\n")
        (self.folder / "tokens" / "broken").write_text("soon\n")
        # As the kubelet lays out a ConfigMap.
        (self.folder / "tokens" / "..data").write_text("7\n")
        cache = Cache(self.take)
        served = handler(Site(CONFIG), cache, self.folder / "tokens")
        server = ThreadingHTTPServer(("127.0.0.1", 0), served)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read().decode()

    def test_metrics_are_text_for_prometheus(self):
        status, kind, text = self.get("/metrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        self.assertIn('htcondor_up{daemon="schedd",name="ap1"} 1.0', text)
        self.assertIn('htcondor_token_expiry_timestamp_seconds{token="ap"} 2000.0', text)
        self.assertNotIn("broken", text)
        self.assertNotIn("data", text)
        # What is in a file may be a token that somebody has put there by mistake.
        self.assertIn("broken", self.said.getvalue())
        self.assertNotIn("soon", self.said.getvalue())

    def test_demand_is_a_whole_number_of_workers_for_each_pool(self):
        self.tool("condor_q", f"for i in 1 2 3 4 5 6; do printf '%s\\n' '{IDLE}'; done")
        self.tool("condor_status", "true")
        self.assertEqual(self.get("/demand.json"), (200, "application/json", '{"pools": {"cpu": {"workers": 2}}}'))

    def test_demand_that_is_not_known_is_an_error_and_not_zero(self):
        self.tool("condor_status", "exit 1")
        status, _, text = self.get("/demand.json")
        self.assertEqual(status, 503)
        self.assertNotIn("workers", text)

    def test_health_asks_nobody_and_other_paths_are_not_there(self):
        self.assertEqual(self.get("/healthz")[0], 200)
        self.assertEqual(self.get("/metrics/../tokens")[0], 404)
        self.assertFalse((self.folder / "calls").exists())


class Cached(unittest.TestCase):
    def cache(self, lasts):
        self.now, self.asked = 100.0, 0

        def ask():
            self.asked += 1
            self.now += lasts
            return self.asked

        return Cache(ask, lambda: self.now)

    def test_an_answer_is_given_again_while_it_is_fresh(self):
        cache = self.cache(lasts=0.5)
        self.assertEqual([cache.snapshot(), cache.snapshot()], [1, 1])
        self.now = 100 + FRESH - 0.1
        self.assertEqual(cache.snapshot(), 1)
        self.now = 100 + FRESH
        self.assertEqual(cache.snapshot(), 2)

    def test_a_pool_that_takes_long_is_left_in_peace_for_longer(self):
        cache = self.cache(lasts=6)
        cache.snapshot()
        self.now = 106 + REST * 6 - 0.1
        self.assertEqual(cache.snapshot(), 1)
        self.now += 0.2
        self.assertEqual(cache.snapshot(), 2)

    def test_many_at_once_ask_once(self):
        asked = []

        def ask():
            asked.append(1)
            time.sleep(0.1)

        cache = Cache(lambda: ask() or "answer")
        threads = [threading.Thread(target=cache.snapshot) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(asked), 1)


class Started(unittest.TestCase):
    def test_it_listens_at_every_address_of_its_pod(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch("exporter.ThreadingHTTPServer") as server:
            config = Path(folder) / "settings.json"
            config.write_text(json.dumps({**CONFIG, "port": 8080}))
            main(str(config), folder)
        self.assertEqual(server.call_args.args[0], ("", 8080))

    def test_nothing_but_the_standard_library_is_needed(self):
        program = "import sys; import exporter; print(sorted(sys.modules))"
        folder = str(Path(pool.__file__).parent)
        # Isolated: without the packages of a site.
        command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {folder!r}); {program}"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")  # noqa: S603
        self.assertIn("'metrics'", done.stdout)

    def test_without_a_folder_of_ends_no_token_is_told(self):
        self.assertEqual(expiries(Path("/nowhere")), {})


if __name__ == "__main__":
    unittest.main()
