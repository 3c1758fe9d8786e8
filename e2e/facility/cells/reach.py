"""Runs in a notebook: tries what is of somebody else, or, to show that the tries are good, what is of the user.

TARGET is put before this text: `user`, `address` of the notebook, `port` at which it listens, `marker` in the name of a
file, `experiment`, `shared` folders of that, `apiServer`. Prints a list of tries, each with how it was refused or null.
"""

import json
import os
import socket
import urllib.error
import urllib.request

SECONDS = 3
WHOLE_MACHINE = "/"


def call(method, path):
    """With the token that the notebook has of the hub."""
    request = urllib.request.Request(
        os.environ["JUPYTERHUB_API_URL"] + path,
        headers={"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]},
        method=method,
    )
    try:
        urllib.request.urlopen(request)
        return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"


def connect(host, port):
    try:
        socket.create_connection((host, port), SECONDS).close()
        return None
    except OSError as error:
        return str(error)


def find():
    for folder, _, names in os.walk(WHOLE_MACHINE, onerror=lambda error: None):
        if folder.startswith(("/proc", "/sys")):
            continue
        if any(TARGET["marker"] in name for name in names):
            return None
    return "no such file"


def read(folder):
    try:
        os.listdir(folder)
        return None
    except OSError as error:
        return error.strerror


def main():
    user, address = TARGET["user"], TARGET["address"]
    tries = {
        "read the user at the hub, with the notebook's token": lambda: call("GET", f"/users/{user}"),
        "connect to the notebook, 8888": lambda: connect(address, 8888),
        f"connect to a program in the notebook, {TARGET['port']}": lambda: connect(address, TARGET["port"]),
        "find a file of the home": find,
    }
    for folder in TARGET["shared"]:
        tries[f"list {folder}"] = lambda folder=folder: read(folder)
    print(json.dumps([{"what": what, "refused": attempt()} for what, attempt in tries.items()]))


main()
