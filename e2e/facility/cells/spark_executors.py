"""Runs in a notebook: starts executors of Spark, computes on them, and ends the session.

SPARK is put before this text: how many `executors`, and the seconds to `wait` for them. Prints the seconds until they were
there, the hosts on which they ran, and a sum that they have computed.
"""

import json
import socket
import time

from pyspark.sql import SparkSession


def where(number):
    return socket.gethostname(), number**2


def main():
    start = time.monotonic()
    spark = SparkSession.builder.config("spark.executor.instances", SPARK["executors"]).getOrCreate()
    try:
        context = spark.sparkContext
        # The driver is one of them.
        count = lambda: context._jsc.sc().getExecutorMemoryStatus().size() - 1  # noqa: E731
        while count() < SPARK["executors"]:
            if time.monotonic() - start > SPARK["wait"]:
                raise TimeoutError(f"{count()} of {SPARK['executors']} executors after {SPARK['wait']} s")
            time.sleep(0.2)
        seconds = time.monotonic() - start
        results = context.parallelize(range(1000), 8).map(where).collect()
    finally:
        spark.stop()
    answer = {"seconds": seconds, "hosts": sorted({host for host, _ in results}), "sum": sum(n for _, n in results)}
    print(json.dumps({**answer, "notebook": socket.gethostname()}))


main()
