"""Configuration of the hub: `config/af.json` beside this file is the site's, `secret/` holds the keys of one Secret.

Whatever can be stated is stated in af.json, by the names of JupyterHub's own settings. Here is only what needs code:
secrets, who may log in and see what, and the refresh of log-ins.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from kubespawner import KubeSpawner
from oauthenticator.generic import GenericOAuthenticator
from tornado import web

HERE = Path(__file__).parent
SITE = json.loads((HERE / "config" / "af.json").read_text(encoding="utf-8"))
LOGIN = SITE["login"]

# Groups whose members may log in at all.
MEMBERS = frozenset(LOGIN["allowedGroups"]) | frozenset(LOGIN["adminGroups"])

EXPERIMENTS = SITE["experiments"]

# What notebooks are given is good for this long at least: twice the time after which a log-in is looked at again.
LEFT_SECONDS = 2 * SITE["traits"]["GenericOAuthenticator"]["auth_refresh_age"]

# How long the answer of a refresh is good for requests that came at the same time: the hub stores it only afterwards.
RECENT_SECONDS = 10

c = get_config()  # noqa: F821


def secret(key):
    """Text of one key of the Secret; a hub without it must not start."""
    path = HERE / "secret" / key
    text = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if not text:
        raise SystemExit(f"{path}: the hub's Secret has no key {key}, or nothing in it (docs/admin/jupyterhub.md)")
    return text


def unknown_traits(traits, cls):
    """Settings that the class does not have: it would only warn, and then run without them."""
    return sorted(set(traits) - set(cls.class_trait_names(config=True)))


def refuse_unknown(where, traits, cls):
    unknown = unknown_traits(traits, cls)
    if unknown:
        raise SystemExit(f"af.json, {where}: {cls.__name__} has no {', '.join(unknown)}")


def group_names(claims):
    """Groups of a user, each with a leading slash.

    The claim is looked up as it is written: a setting with the name would be split at the dot of `wlcg.groups`.
    """
    found = claims.get(LOGIN["groupsClaim"]) or []
    if isinstance(found, str):
        found = [found]
    return sorted({f"/{name.strip('/')}" for name in found if name.strip("/")})


class SiteAuthenticator(GenericOAuthenticator):
    """Refreshes one user at a time, and ends the session of who has left every group.

    INDIGO IAM may give each refresh token out for one use. Of requests at the same time only the first may spend it;
    the others take its answer.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._locks = defaultdict(asyncio.Lock)
        self._recent = {}

    async def refresh_user(self, user, handler=None, **kwargs):
        async with self._locks[user.name]:
            at, model = self._recent.get(user.name, (0, None))
            if model is not None and time.monotonic() - at < RECENT_SECONDS:
                return dict(model)
            model = await self._renewed(user, handler) or await super().refresh_user(user, handler, **kwargs)
            if isinstance(model, dict) and MEMBERS.isdisjoint(model.get("groups") or []):
                self.log.warning("User %s is in no allowed group any more", user.name)
                return False
            if isinstance(model, dict):
                self._recent[user.name] = (time.monotonic(), model)
            return model

    async def get_token_info(self, handler, params):
        info = await super().get_token_info(handler, params)
        if info.get("expires_in"):
            info["expires_at"] = int(time.time()) + int(info["expires_in"])
        return info

    async def _renewed(self, user, handler):
        """A log-in with a new access token where the old one ends soon; nothing where that is not so, or does not work.

        By itself OAuthenticator renews only what has ended, so a notebook would be given a token with seconds left.
        """
        state = await user.get_auth_state() or {}
        ends, spent = (state.get("token_response") or {}).get("expires_at"), state.get("refresh_token")
        if not ends or not spent or ends - time.time() > LEFT_SECONDS:
            return None
        try:
            info = await self.get_token_info(handler, self.build_refresh_token_request_params(spent))
        except Exception as error:
            self.log.warning("The access token of %s is not renewed before it ends: %s", user.name, error)
            return None
        return await self._token_to_auth_model({"refresh_token": spent, **info})

    async def authenticate(self, handler, data=None, **kwargs):
        model = await super().authenticate(handler, data, **kwargs)
        if model:
            # A new log-in has new tokens.
            self._recent.pop(self.normalize_username(model["name"]), None)
        return model


def groups_of(spawner):
    groups = {group.name for group in spawner.user.groups}
    if MEMBERS.isdisjoint(groups):
        raise web.HTTPError(403, LOGIN["refusal"])
    return groups


def may_see(entry, groups):
    """Whether an entry is for everybody, or for one of the groups."""
    return entry["groups"] is None or not groups.isdisjoint(entry["groups"])


def with_spark(profile, groups):
    """A profile with a choice of the experiments whose Spark the user may have; without one where there is none."""
    mine = [entry for entry in SITE["spark"]["experiments"] if may_see(entry, groups)]
    if profile["slug"] not in SITE["spark"]["profiles"] or not mine:
        return dict(profile)
    choices = {"_none": {"display_name": "no", "default": True, "kubespawner_override": {}}}
    for entry in mine:
        choices[entry["name"]] = {"display_name": entry["name"], "kubespawner_override": entry["override"]}
    option = {"display_name": "Spark", "choices": choices}
    return {**profile, "profile_options": {**profile.get("profile_options", {}), "spark": option}}


def profiles_for(spawner):
    """Profiles of the user. KubeSpawner asks for them with the form and again at each start: here they are enforced."""
    groups = groups_of(spawner)
    mine = [with_spark(entry["profile"], groups) for entry in SITE["profiles"] if may_see(entry, groups)]
    if not mine:
        raise web.HTTPError(403, LOGIN["noProfile"])
    if not any(profile.get("default") for profile in mine):
        mine[0]["default"] = True
    return mine


def mount_volumes(spawner, pod):
    """Mounts the shared volumes that the user may see."""
    groups = groups_of(spawner)
    for entry in SITE["volumes"]:
        if may_see(entry, groups):
            pod.spec.volumes = [*(pod.spec.volumes or []), entry["volume"]]
            container = pod.spec.containers[0]
            container.volume_mounts = [*(container.volume_mounts or []), entry["mount"]]
    return pod


def experiment_of(spawner):
    """The experiment that a notebook works for: the first of its user that its profile is for, or else the first."""
    groups = groups_of(spawner)
    mine = [each for each in EXPERIMENTS if each["groups"] is None or not groups.isdisjoint(each["groups"])]
    slug = (spawner.user_options or {}).get("profile")
    meant = next((entry["groups"] for entry in SITE["profiles"] if entry["profile"]["slug"] == slug), None)
    for each in mine:
        if meant and not set(meant).isdisjoint(each["groups"] or []):
            return each
    return mine[0] if mine else None


def make_pod(spawner, pod):
    """What differs from user to user: volumes, and the experiment with the places of its data."""
    experiment = experiment_of(spawner)
    if experiment:
        variables = {"AF_EXPERIMENT": experiment["name"], **experiment["environment"]}
        container = pod.spec.containers[0]
        added = [{"name": name, "value": value} for name, value in variables.items()]
        container.env = [*(container.env or []), *added]
    return mount_volumes(spawner, pod)


CLASSES = {
    "JupyterHub": JupyterHub,
    "ConfigurableHTTPProxy": ConfigurableHTTPProxy,
    "GenericOAuthenticator": SiteAuthenticator,
    "KubeSpawner": KubeSpawner,
}
for name, traits in SITE["traits"].items():
    refuse_unknown(f"traits.{name}", traits, CLASSES[name])
    for trait, value in traits.items():
        c[name][trait] = value

for entry in SITE["profiles"]:
    slug = entry["profile"]["slug"]
    refuse_unknown(f"profile {slug}", entry["profile"]["kubespawner_override"], KubeSpawner)
    for option in entry["profile"].get("profile_options", {}).values():
        forms = [*option.get("choices", {}).values(), option.get("unlisted_choice", {})]
        for form in forms:
            refuse_unknown(f"profile {slug}", form.get("kubespawner_override", {}), KubeSpawner)

for entry in SITE["spark"]["experiments"]:
    refuse_unknown(f"spark of {entry['name']}", entry["override"], KubeSpawner)

c.JupyterHub.cookie_secret = bytes.fromhex(secret("cookie_secret"))
c.CryptKeeper.keys = [key.strip() for key in secret("crypt_keys").split(";") if key.strip()]
c.ConfigurableHTTPProxy.auth_token = secret("auth_token")

# page.html, which JupyterHub looks for here first.
c.JupyterHub.template_paths = [str(HERE / "config")]
c.JupyterHub.template_vars = {"facility": LOGIN["facility"]}

c.JupyterHub.authenticator_class = SiteAuthenticator
c.GenericOAuthenticator.client_id = secret("oidc_client_id")
c.GenericOAuthenticator.client_secret = secret("oidc_client_secret")
c.GenericOAuthenticator.auth_state_groups_key = lambda auth_state: group_names(auth_state["oauth_user"])
c.GenericOAuthenticator.allowed_groups = set(LOGIN["allowedGroups"])
c.GenericOAuthenticator.admin_groups = set(LOGIN["adminGroups"])

c.KubeSpawner.profile_list = profiles_for
c.KubeSpawner.modify_pod_hook = make_pod

c.JupyterHub.services = [
    {
        "name": "jupyterhub-idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", *SITE["culler"]],
    },
    {
        "name": "notebook-tokens",
        "command": [sys.executable, str(HERE / "config" / "notebook_tokens.py")],
    },
]
c.JupyterHub.load_roles = [
    {
        "name": "jupyterhub-idle-culler",
        "services": ["jupyterhub-idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
    {
        "name": "notebook-tokens",
        "services": ["notebook-tokens"],
        "scopes": ["read:users:name", "read:users:groups", "admin:auth_state"],
    },
    # A notebook may ask for tokens. Its own token has what both roles have, so both are said anew.
    {"name": "user", "scopes": ["self", "access:services!service=notebook-tokens"]},
    {
        "name": "server",
        "scopes": ["users:activity!user", "access:servers!server", "access:services!service=notebook-tokens"],
    },
]
