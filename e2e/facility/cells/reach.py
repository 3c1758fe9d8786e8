"""Runs in a notebook: tries what is of somebody else, or, to show that the tries are good, what is of the user.

TARGET is put before this text: `user`, `address` of the notebook, `port` at which it listens, `marker` in the name of a
file, `experiment`, and the `shared` folders of that. Prints a list of tries, each with how it was refused or null.
"""

import json
import os
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

SECONDS = 3
WHOLE_MACHINE = "/"
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKENS = "/run/af/pool"


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


def list_pods(namespace):
    """With the rights that the notebook has in the cluster."""
    with open(f"{ACCOUNT}/token", encoding="utf-8") as file:
        token = file.read()
    request = urllib.request.Request(
        f"https://kubernetes.default.svc/api/v1/namespaces/{namespace}/pods",
        headers={"Authorization": "Bearer " + token},
    )
    try:
        urllib.request.urlopen(request, context=ssl.create_default_context(cafile=f"{ACCOUNT}/ca.crt"))
        return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"


def submit_as(experiment):
    """Asks the access point for a member of the experiment, with whatever tokens there are."""
    environment = {**os.environ, "AF_EXPERIMENT": experiment}
    done = subprocess.run(["condor_q"], env=environment, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else "no token that is taken"


def main():
    user, address = TARGET["user"], TARGET["address"]
    tries = {
        "read the user at the hub, with the notebook's token": lambda: call("GET", f"/users/{user}"),
        "connect to the notebook, 8888": lambda: connect(address, 8888),
        f"connect to a program in the notebook, {TARGET['port']}": lambda: connect(address, TARGET["port"]),
        "find a file of the home": find,
        "list the pods of Spark": lambda: list_pods("spark-" + TARGET["experiment"]),
        "read the tokens of the pool": lambda: read(f"{TOKENS}/{TARGET['experiment']}"),
        "ask the pool as the experiment": lambda: submit_as(TARGET["experiment"]),
    }
    for folder in TARGET["shared"]:
        tries[f"list {folder}"] = lambda folder=folder: read(folder)
    print(json.dumps([{"what": what, "refused": attempt()} for what, attempt in tries.items()]))


main()
