"""A hub's folder as its pod has it, made of the ConfigMap in dist and of secrets that are made for the test."""

import json
import secrets
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[3]
SITES = sorted(folder.name for folder in (ROOT / "sites").iterdir() if folder.is_dir())


def config_map(site):
    file = ROOT / "dist" / site / "jupyterhub" / "configmap.hub.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["data"]


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
    """KubeSpawner loads the address of an API server even where it never calls one."""
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(NO_API_SERVER), encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(file))
    monkeypatch.setattr("kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.setattr("kubernetes_asyncio.config.load_incluster_config", refuse_cluster)


def refuse_cluster(*args, **kwargs):
    from kubernetes_asyncio.config import ConfigException

    raise ConfigException("not in a cluster")
