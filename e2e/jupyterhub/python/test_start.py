"""The real hub on an empty database."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from conftest import KEY_OF_POOL, config_map
from notebook_tokens import signature
from running import listens, start_hub


def test_b5_the_hub_comes_up_with_its_services_and_without_a_warning_of_its_settings(site, tmp_path, processes):
    hub = start_hub(site, tmp_path, processes)
    hub.wait(lambda: "Cull" in hub.said() or "culler" in hub.said())
    hub.wait(lambda: listens(hub.tokens))
    assert "not recognized" not in hub.said()
    assert "Traceback" not in hub.said(), hub.said()
    assert (hub.database / "jupyterhub.sqlite").exists()


def test_every_page_says_at_which_facility_one_is(site, tmp_path, processes):
    hub = start_hub(site, tmp_path, processes)
    facility = json.loads(config_map(site)["af.json"])["login"]["facility"]
    with urlopen(f"http://127.0.0.1:{hub.hub}/hub/login", timeout=20) as answer:
        page = answer.read().decode()
    assert f"<title>{facility}</title>" in "".join(line.strip() for line in page.splitlines())
    assert f">{facility}</p>" in page
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://127.0.0.1:{hub.hub}/hub/of-nobody", timeout=20)
    assert f">{facility}</p>" in refused.value.read().decode()


# Somebody who sets the stage by the hub's own interface, and a log-in service that agrees with what is stored.
STAGE = """
async def agree(self, user, handler=None, **kwargs):
    return user.name != "bob"
SiteAuthenticator.refresh_user = agree
c.JupyterHub.services.append({"name": "stage", "api_token": "s" * 32})
c.JupyterHub.load_roles.append({"name": "stage", "services": ["stage"], "scopes": ["admin:users", "admin:auth_state",
    "admin:groups", "tokens", "admin:servers", "inherit"]})
"""


def call(url, token, method="GET", body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Authorization": f"token {token}"}, method=method)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    started = []
    folder = tmp_path_factory.mktemp("stage")
    with pytest.MonkeyPatch.context() as patch:
        from conftest import use_no_cluster

        use_no_cluster(folder, patch)
        hub = start_hub("two-experiments", folder, started, STAGE)
        hub.wait(lambda: listens(hub.tokens))
        yield hub
    for process in reversed(started):
        process.terminate()
        process.wait(20)


def enrol(stage, name, groups, sub):
    """A user with a log-in, and the tokens that a notebook and a person would have."""
    api = f"http://127.0.0.1:{stage.hub}/hub/api"
    call(f"{api}/users/{name}", "s" * 32, "POST", {})
    for group in groups:
        call(f"{api}/groups/{group.replace('/', '%2F')}", "s" * 32, "POST", {})
        added = call(f"{api}/groups/{group.replace('/', '%2F')}/users", "s" * 32, "POST", {"users": [name]})
        assert added[0] == 200, added
    state = {
        "access_token": f"access-of-{name}",
        "refresh_token": "never-outside",
        "token_response": {"expires_at": 4102444800},
        "oauth_user": {"sub": sub},
    }
    stored = call(f"{api}/users/{name}", "s" * 32, "PATCH", {"auth_state": state})
    assert stored[0] == 200, stored
    made = {}
    for kind, wanted in {"notebook": {"roles": ["server"]}, "weak": {"scopes": ["read:users:name!user"]}}.items():
        status, answer = call(f"{api}/users/{name}/tokens", "s" * 32, "POST", wanted)
        assert status == 201, answer
        made[kind] = answer["token"]
    return made


def test_d7_a_notebook_gets_the_tokens_of_its_user_and_not_the_refresh_token(stage):
    token = enrol(stage, "alice", ["/cms/af/users"], "0a1b-2c")["notebook"]
    status, answer = call(f"http://127.0.0.1:{stage.tokens}/tokens", token, "POST")
    assert status == 200, stage.said()
    assert answer["bearer"] == {"token": "access-of-alice", "expires": 4102444800}
    assert list(answer["pool"]) == ["cms"] and answer["messages"] == []
    assert answer["pool"]["cms"]["identity"] == "cms_0a1b-2c@af.dc.example.org"
    signed, signed_by = answer["pool"]["cms"]["token"].rsplit(".", 1)
    assert signature(KEY_OF_POOL.encode(), signed) == signed_by
    assert "never-outside" not in json.dumps(answer)
    for secret in (token, answer["bearer"]["token"], answer["pool"]["cms"]["token"]):
        assert secret not in stage.said()


def test_who_comes_with_another_token_or_none_gets_nothing(stage):
    weak = enrol(stage, "carol", ["/vo2/af"], "3d")["weak"]
    url = f"http://127.0.0.1:{stage.tokens}/tokens"
    for token in (weak, "no-token-at-all", "s" * 32):
        status, answer = call(url, token, "POST")
        assert status == 403 and list(answer) == ["messages"], (token, answer)


def test_d11_who_has_left_every_group_gets_no_token_any_more(stage):
    token = enrol(stage, "bob", ["/cms/af/users"], "4e")["notebook"]
    status, answer = call(f"http://127.0.0.1:{stage.tokens}/tokens", token, "POST")
    assert status == 403 and "log in again" in answer["messages"][0]
