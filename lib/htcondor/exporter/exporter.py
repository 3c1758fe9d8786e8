"""Tells Prometheus how the pool is, and KEDA how many workers its idle jobs want."""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Callable, Optional

from metrics import Site, exposition, samples, workers_wanted
from pool import Snapshot, take

# Seconds for which an answer is good: less than the interval of a scrape, so that each scrape sees something new.
FRESH = 10
# A pool that takes long to ask is asked less often: the tools run for a fifth of the time at most.
REST = 4


class Cache:
    """Asks the pool at most once in a while, however many ask."""

    def __init__(self, ask: Callable[[], Snapshot], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._snapshot: Optional[Snapshot] = None
        self._good_until = 0.0

    def snapshot(self) -> Snapshot:
        with self._lock:
            start = self._clock()
            if self._snapshot is None or start >= self._good_until:
                self._snapshot = self._ask()
                end = self._clock()
                self._good_until = max(start + FRESH, end + REST * (end - start))
            return self._snapshot


def expiries(folder: Path) -> dict[str, int]:
    """When each token ends, in seconds since 1970: a file for each, and never the token itself."""
    found = {}
    for file in sorted(folder.glob("[!.]*")) if folder.is_dir() else []:
        try:
            found[file.name] = int(file.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            # Not what is in it: that may be a token by mistake.
            print(f"{file}: {type(error).__name__}, not a number of seconds", flush=True)
    return found


def cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def handler(site: Site, cache: Cache, tokens: Path) -> type:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                snapshot = cache.snapshot()
                text = exposition(samples(site, snapshot, expiries(tokens), cpu_seconds()))
                self.answer(200, "text/plain; version=0.0.4; charset=utf-8", text)
            elif self.path == "/demand.json":
                wanted = workers_wanted(site, cache.snapshot())
                if wanted is None:
                    self.answer(503, "application/json", json.dumps({"error": "the pool does not answer"}))
                else:
                    pools = {name: {"workers": count} for name, count in wanted.items()}
                    self.answer(200, "application/json", json.dumps({"pools": pools}))
            elif self.path == "/healthz":
                self.answer(200, "text/plain", "ok\n")
            else:
                self.answer(404, "text/plain", "not found\n")

        def answer(self, status: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Scrapes are not worth a line each."""

    return Handler


def main(config_file: str, tokens: str) -> None:
    config = json.loads(Path(config_file).read_text(encoding="utf-8"))
    site = Site(config)
    cache = Cache(lambda: take(site.access_points))
    # Every address: what may connect is the network policy's to say.
    server = ThreadingHTTPServer(("", config["port"]), handler(site, cache, Path(tokens)))
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
