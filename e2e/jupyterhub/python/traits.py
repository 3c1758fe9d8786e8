"""Prints the settings of the classes that the hub's configuration sets: `lib/jupyterhub/traits.json`."""

import json
from importlib.metadata import version

from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from kubespawner import KubeSpawner
from oauthenticator.generic import GenericOAuthenticator

PACKAGES = ["jupyterhub", "jupyterhub-kubespawner", "oauthenticator"]
CLASSES = [JupyterHub, ConfigurableHTTPProxy, GenericOAuthenticator, KubeSpawner]


def document():
    return {
        "packages": {package: version(package) for package in PACKAGES},
        "traits": {cls.__name__: sorted(cls.class_trait_names(config=True)) for cls in CLASSES},
    }


if __name__ == "__main__":
    print(json.dumps(document(), indent=2))
