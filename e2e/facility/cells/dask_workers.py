"""Runs in a notebook: starts workers of Dask in the pool, computes on them, and lets them go.

DASK is put before this text: how many `workers`, and the seconds to `wait` for them. Prints the seconds until they were
there, the hosts on which they ran, and a sum that they have computed.
"""

import json
import socket
import time

from dask_jobqueue import HTCondorCluster
from distributed import Client


def where(number):
    return socket.gethostname(), number**2


def main():
    with HTCondorCluster() as cluster, Client(cluster) as client:
        start = time.monotonic()
        cluster.scale(jobs=DASK["workers"])
        client.wait_for_workers(DASK["workers"], timeout=DASK["wait"])
        seconds = time.monotonic() - start
        results = client.gather(client.map(where, range(1000)))
    answer = {"seconds": seconds, "hosts": sorted({host for host, _ in results}), "sum": sum(n for _, n in results)}
    print(json.dumps({**answer, "notebook": socket.gethostname()}))


main()
