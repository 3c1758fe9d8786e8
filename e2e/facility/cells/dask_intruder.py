"""Runs in a job: calls a scheduler of Dask, first as anybody can, then as its workers do. HOST and PORT are put before this text."""

import socket

from distributed import Client

socket.create_connection((HOST, PORT), 5).close()
print("the port is open")
for scheme in ("tcp", "tls"):
    try:
        Client(f"{scheme}://{HOST}:{PORT}", timeout=8)
        print("let in by", scheme)
    except Exception as error:
        print("refused", scheme, type(error).__name__)
