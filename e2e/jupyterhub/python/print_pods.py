"""Prints pods and claims that KubeSpawner makes: `print_pods.py SITE`, with a list of cases as JSON on standard input.

A case has the name of a user, its groups, and the options of a request. The answer is a list in the same order.
"""

import json
import sys
import tempfile
from pathlib import Path

from conftest import NO_API_SERVER, config_map, fresh_secrets, lay_out, load
from kubernetes_asyncio.config import kube_config
from spawning import Notebook, manifests


def main(site):
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(json.dumps(NO_API_SERVER), encoding="utf-8")
        kube_config.KUBE_CONFIG_DEFAULT_LOCATION = str(kubeconfig)
        config = load(lay_out(folder / "hub", config_map(site), fresh_secrets()))
        for case in json.load(sys.stdin):
            pod, claim = manifests(Notebook(config, case["groups"], name=case["user"], **case["options"]))
            made.append({"pod": pod, "claim": claim})
    json.dump(made, sys.stdout)


main(sys.argv[1])
