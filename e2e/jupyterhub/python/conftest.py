"""A hub's folder as its pod has it, made of the ConfigMap in dist and of secrets that are made for the test."""

import json
import secrets
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[3]
# The programs that the hub and its notebooks carry are tried as they are.
sys.path.insert(0, str(ROOT / "lib" / "jupyterhub"))
SITES = sorted(folder.name for folder in (ROOT / "sites").iterdir() if folder.is_dir())


def config_map(site):
    file = ROOT / "dist" / site / "jupyterhub" / "configmap.hub.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["data"]


# Content of the key by which access points trust the hub.
KEY_OF_POOL = secrets.token_hex(64)


def fresh_secrets():
    return {
        "auth_token": secrets.token_hex(32),
        "cookie_secret": secrets.token_hex(32),
        "crypt_keys": f"{secrets.token_hex(32)};{secrets.token_hex(32)}",
        "oidc_client_id": "hub-of-a-test",
        "oidc_client_secret": secrets.token_hex(16),
    }


def lay_out(folder, data, keys):
    """Writes the files where the hub's pod mounts them; gives the path of the program."""
    (folder / "config").mkdir(parents=True)
    (folder / "secret").mkdir()
    (folder / "pool").mkdir()
    (folder / "pool" / "hub-key").write_text(KEY_OF_POOL, encoding="utf-8")
    (folder / "config" / "notebook_tokens.py").write_text(data["notebook_tokens.py"], encoding="utf-8")
    (folder / "config" / "page.html").write_text(data["page.html"], encoding="utf-8")
    (folder / "jupyterhub_config.py").write_text(data["jupyterhub_config.py"], encoding="utf-8")
    (folder / "config" / "af.json").write_text(data["af.json"], encoding="utf-8")
    for key, value in keys.items():
        (folder / "secret" / key).write_text(f"{value}\n", encoding="utf-8")
    return folder / "jupyterhub_config.py"


def load(program):
    return PyFileConfigLoader(program.name, path=str(program.parent)).load_config()


@pytest.fixture(params=SITES)
def site(request):
    return request.param


@pytest.fixture
def hub(site, tmp_path):
    """The configuration of a site's hub, loaded as the hub loads it."""
    data = config_map(site)
    program = lay_out(tmp_path / "hub", data, fresh_secrets())
    return SimpleNamespace(program=program, config=load(program), af=json.loads(data["af.json"]))


NO_API_SERVER = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "test",
    "clusters": [{"name": "test", "cluster": {"server": "http://127.0.0.1:9"}}],
    "users": [{"name": "test", "user": {"token": "none"}}],
    "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
}


@pytest.fixture(autouse=True)
def kubeconfig(tmp_path, monkeypatch):
    use_no_cluster(tmp_path, monkeypatch)


@pytest.fixture
def processes():
    started = []
    yield started
    for process in reversed(started):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def use_no_cluster(folder, monkeypatch):
    """KubeSpawner loads the address of an API server even where it never calls one."""
    file = folder / "kubeconfig"
    file.write_text(yaml.safe_dump(NO_API_SERVER), encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(file))
    monkeypatch.setattr("kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.setattr("kubernetes_asyncio.config.load_incluster_config", refuse_cluster)


def refuse_cluster(*args, **kwargs):
    from kubernetes_asyncio.config import ConfigException

    raise ConfigException("not in a cluster")
