"""Service of the hub that gives each notebook the tokens of its user: `af.json` beside this file says which.

A notebook comes with its own token of the hub. The hub says whose it is, and has then just looked whether this user is
still in an allowed group: who is not gets nothing. The refresh token of a log-in never leaves the hub's pod.
"""

import base64
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import time
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent

# What the hub's roles call this service.
NAME = "notebook-tokens"

# Name of the key that signs, which tells access points what to check with.
KEY_ID = "hub-key"

# A job is submitted and looked at, and nothing else: no administrator, no daemon.
SCOPE = "condor:/READ condor:/WRITE"

# The map file of the access points takes the same: with others somebody could look like somebody else.
SUBJECT = re.compile(r"[A-Za-z0-9-]+")

# Clocks of two nodes differ; a token from the future is refused.
CLOCK_SECONDS = 60

# Mask that HTCondor lays over the files of keys.
MASK = bytes([0xDE, 0xAD, 0xBE, 0xEF])


class Refused(Exception):
    """The hub does not let the caller have anything."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


def derived_key(content):
    """HKDF of RFC 5869 with one block, as HTCondor derives what it signs with."""
    plain = bytes(byte ^ MASK[index % len(MASK)] for index, byte in enumerate(content))
    extracted = hmac.new(b"htcondor", plain, hashlib.sha256).digest()
    return hmac.new(extracted, b"master jwt\x01", hashlib.sha256).digest()


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signature(content, signed):
    return encoded(hmac.new(derived_key(content), signed.encode(), hashlib.sha256).digest())


def mint(content, claims, key_id=KEY_ID):
    """An IDTOKEN as condor_token_create makes it; lib/htcondor/id-token.ts does the same."""
    parts = ({"alg": "HS256", "kid": key_id}, claims)
    signed = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{signed}.{signature(content, signed)}"


def experiments_of(experiments, groups):
    """Names of the experiments in which the user is; one without groups is everybody's."""
    mine = set(groups)
    return [each["name"] for each in experiments if each["groups"] is None or not mine.isdisjoint(each["groups"])]


def expiry(auth_state):
    """When the access token ends, in seconds since 1970; None where nobody has said it."""
    stated = (auth_state.get("token_response") or {}).get("expires_at")
    if stated:
        return int(stated)
    try:
        payload = auth_state["access_token"].split(".")[1]
        return int(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def bearer_token(auth_state, now):
    """The access token of the log-in, for data; nothing where it has ended."""
    token, expires = auth_state.get("access_token"), expiry(auth_state)
    if not token or (expires is not None and expires <= now):
        return None
    return {"token": token, "expires": expires}


def pool_tokens(pool, key, experiments, user, auth_state, now):
    """A token of the pool for each experiment of the user, by its name."""
    subject = str((auth_state.get("oauth_user") or {}).get("sub", ""))
    if not SUBJECT.fullmatch(subject):
        raise ValueError(f"the log-in service calls {user['name']} {subject!r}, which is no name for a pool")
    expires = now + pool["seconds"]
    made = {}
    for name in experiments_of(experiments, user["groups"]):
        claims = {
            "iss": pool["trustDomain"],
            "sub": f"{name}_{subject}@{pool['trustDomain']}",
            "iat": now - CLOCK_SECONDS,
            "exp": expires,
            "jti": secrets.token_hex(16),
            "scope": SCOPE,
        }
        made[name] = {"token": mint(key, claims), "expires": expires, "identity": claims["sub"]}
    return made


def tokens_for(site, key, user, auth_state, now):
    """What a notebook gets. Each reason why something is missing is for the reader of its log."""
    bearer = bearer_token(auth_state, now)
    messages = [] if bearer else ["the hub has no access token that is still good: log out and in again"]
    pool = {}
    if site["tokens"]["pool"]:
        try:
            pool = pool_tokens(site["tokens"]["pool"], key, site["experiments"], user, auth_state, now)
            if not pool:
                messages.append("you are in no experiment that uses the pool")
        except ValueError as error:
            messages.append(str(error))
    return {"bearer": bearer, "pool": pool, "messages": messages}


def path_of(name):
    """Where the hub's interface has a user: without quoting, `alice#2` and `alice?2` would be asked for as `alice`."""
    return f"/users/{quote(name, safe='')}"


def make_application(site, key, own_token):
    # Here, so that the functions above need nothing but Python.
    from tornado import httpclient, web

    hub = site["tokens"]["hub"]
    right = f"access:services!service={NAME}"
    log = logging.getLogger(NAME)

    async def ask(path, authorization):
        request = httpclient.HTTPRequest(hub + path, headers={"Authorization": authorization}, request_timeout=20)
        answer = await httpclient.AsyncHTTPClient().fetch(request, raise_error=False)
        if answer.code in (401, 403, 404):
            raise Refused(403, "the hub knows you no more, or you have left the groups that may use it: log in again")
        if answer.code != 200:
            raise Refused(503, f"the hub answers {answer.code}")
        return json.loads(answer.body)

    class Tokens(web.RequestHandler):
        """Takes POST alone: a token is made, and no page can ask for it by a link."""

        async def post(self):
            try:
                caller = await ask("/user", self.request.headers.get("Authorization", ""))
                if caller.get("kind") != "user" or right not in caller.get("scopes", []):
                    raise Refused(403, "only a notebook's own token is good for this")
                user = await ask(path_of(caller["name"]), f"token {own_token}")
                if user["name"] != caller["name"]:
                    raise Refused(403, "the hub speaks of somebody else")
                made = tokens_for(site, key, user, user.get("auth_state") or {}, int(time.time()))
            except Refused as error:
                self.set_status(error.status)
                self.finish({"messages": [str(error)]})
                return
            for token in made["pool"].values():
                log.info("%s is %s in the pool until %d", user["name"], token["identity"], token["expires"])
            self.set_header("Cache-Control", "no-store")
            self.finish(made)

    return web.Application([("/tokens", Tokens)])


def main():
    import asyncio

    logging.basicConfig(level=logging.INFO, format="[%(name)s] %(message)s")
    site = json.loads((HERE / "af.json").read_text(encoding="utf-8"))
    key = (HERE.parent / "pool" / KEY_ID).read_bytes() if site["tokens"]["pool"] else b""

    async def serve():
        make_application(site, key, os.environ["JUPYTERHUB_API_TOKEN"]).listen(site["tokens"]["port"])
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
