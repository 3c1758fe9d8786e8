"""What the real KubeSpawner makes of a request, without an API server."""

import asyncio
from types import SimpleNamespace

from jupyterhub.objects import Hub, Server
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner


class User(SimpleNamespace):
    """As much of a user as a spawner looks at."""

    def __init__(self, name, groups):
        super().__init__(
            name=name,
            escaped_name=name,
            groups=[SimpleNamespace(name=group) for group in groups],
            url=f"/user/{name}/",
            id=1,
            server=Server(),
        )


class Notebook:
    """What a user asks for; the spawner itself is made anew inside of each event loop."""

    def __init__(self, config, groups, name="alice.rossi", **options):
        self.config, self.user, self.options = config, User(name, groups), options

    def spawner(self):
        return KubeSpawner(
            config=self.config,
            user=self.user,
            hub=Hub(base_url="/hub/", ip="127.0.0.1", port=8081),
            user_options=self.options,
            _mock=True,
        )

    def run(self, use):
        async def inside():
            return await use(self.spawner())

        return asyncio.run(inside())


def manifests(notebook):
    async def make(spawner):
        await spawner.load_user_options()
        pod = spawner.modify_pod_hook(spawner, await spawner.get_pod_manifest())
        async with ApiClient() as client:
            plain = client.sanitize_for_serialization
            return plain(pod), plain(spawner.get_pvc_manifest())

    return notebook.run(make)
