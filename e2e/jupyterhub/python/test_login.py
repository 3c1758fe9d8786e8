"""Who is let in, and what a refresh does."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from conftest import config_map, fresh_secrets, lay_out, load
from oauthenticator.generic import GenericOAuthenticator
from tornado import web


@pytest.fixture
def config(tmp_path):
    return load(lay_out(tmp_path / "hub", config_map("two-experiments"), fresh_secrets()))


def authenticator_of(config):
    return config.JupyterHub.authenticator_class(config=config)


def userinfo(*groups, claim="wlcg.groups", name="Alice.Rossi"):
    return {"preferred_username": name, "sub": "1234", claim: list(groups)}


async def log_in(authenticator, claims, monkeypatch):
    """The log-in, from the answer of the token endpoint on."""

    async def tokens(self, handler, params):
        return {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "scope": "openid"}

    async def user(self, token_info):
        return claims

    monkeypatch.setattr(GenericOAuthenticator, "get_token_info", tokens)
    monkeypatch.setattr(GenericOAuthenticator, "token_to_user", user)
    handler = SimpleNamespace(
        get_argument=lambda name, default=None: "code",
        get_state_cookie=lambda: None,
        clear_cookie=lambda name: None,
        get_secure_cookie=lambda name: b"",
    )
    monkeypatch.setattr(
        GenericOAuthenticator, "build_access_tokens_request_params", lambda self, handler, data=None: {}
    )
    return await authenticator.get_authenticated_user(handler, None)


@pytest.mark.parametrize(
    ("groups", "admitted", "admin"),
    [
        (["/cms/af/users"], True, None),
        (["cms/af/users"], True, None),
        (["/vo2/af"], True, None),
        (["/cms/af/admins"], True, True),
        (["/cms"], False, None),
        (["/cms/af/users-of-others"], False, None),
        ([], False, None),
    ],
)
def test_members_of_the_groups_are_admitted_and_nobody_else(config, monkeypatch, groups, admitted, admin):
    model = asyncio.run(log_in(authenticator_of(config), userinfo(*groups), monkeypatch))
    assert (model is not None) is admitted
    if admitted:
        assert model["name"] == "alice.rossi"
        assert bool(model["admin"]) is bool(admin)
        assert all(group.startswith("/") for group in model["groups"])


def test_groups_of_another_claim_admit_nobody(config, monkeypatch):
    for claim in ("groups", "wlcg_groups", "wlcg"):
        claims = userinfo("/cms/af/users", claim=claim)
        assert asyncio.run(log_in(authenticator_of(config), claims, monkeypatch)) is None


def test_the_refused_read_whom_to_ask(config):
    message = config.GenericOAuthenticator.custom_403_message
    assert "/cms/af/users" in message and "csirt@dc.example.org" in message


class User:
    name = "alice.rossi"
    state = None

    async def get_auth_state(self):
        return self.state


def refreshing(config, monkeypatch, answer):
    """An authenticator whose log-in service spends a refresh token once."""
    authenticator = authenticator_of(config)
    calls = []

    async def refresh_user(self, user, handler=None, **kwargs):
        calls.append(user.name)
        await asyncio.sleep(0.01)
        return answer(len(calls))

    monkeypatch.setattr(GenericOAuthenticator, "refresh_user", refresh_user)
    return authenticator, calls


def test_requests_at_the_same_time_spend_a_refresh_token_once(config, monkeypatch):
    def answer(call):
        return {"groups": ["/vo2/af"], "auth_state": {"refresh_token": f"r{call}"}} if call == 1 else False

    authenticator, calls = refreshing(config, monkeypatch, answer)

    async def eight():
        return await asyncio.gather(*(authenticator.refresh_user(User()) for _ in range(8)))

    models = asyncio.run(eight())
    assert calls == ["alice.rossi"]
    assert [model["auth_state"]["refresh_token"] for model in models] == ["r1"] * 8


def test_users_do_not_wait_for_each_other(config, monkeypatch):
    authenticator, calls = refreshing(config, monkeypatch, lambda call: {"groups": ["/vo2/af"]})

    async def two():
        other = type("Other", (User,), {"name": "bob"})()
        await asyncio.gather(authenticator.refresh_user(User()), authenticator.refresh_user(other))

    asyncio.run(two())
    assert sorted(calls) == ["alice.rossi", "bob"]


def test_who_has_left_every_group_loses_the_session(config, monkeypatch):
    for groups in ([], ["/cms"], None):
        authenticator, _ = refreshing(config, monkeypatch, lambda call, groups=groups: {"groups": groups})
        assert asyncio.run(authenticator.refresh_user(User())) is False


def test_an_answer_that_is_no_model_is_handed_on(config, monkeypatch):
    for result in (True, False):
        authenticator, _ = refreshing(config, monkeypatch, lambda call, result=result: result)
        assert asyncio.run(authenticator.refresh_user(User())) is result


def test_a_log_in_service_that_is_down_is_no_consent(config, monkeypatch):
    def fail(call):
        raise web.HTTPError(503)

    authenticator, _ = refreshing(config, monkeypatch, fail)
    with pytest.raises(web.HTTPError):
        asyncio.run(authenticator.refresh_user(User()))


def with_token(seconds):
    """A user whose access token ends in so many seconds."""
    user = User()
    response = {"access_token": "old", "expires_at": int(time.time()) + seconds}
    user.state = {"access_token": "old", "refresh_token": "r", "token_response": response, "oauth_user": {"sub": "1"}}
    return user


def token_endpoint(config, monkeypatch, answer):
    """An authenticator whose log-in service answers with this; what it was asked for is the second of the pair."""
    asked = []

    async def tokens(self, handler, params):
        asked.append(params)
        return answer(len(asked))

    async def person(self, token_info):
        return userinfo("/vo2/af")

    monkeypatch.setattr(GenericOAuthenticator, "get_token_info", tokens)
    monkeypatch.setattr(GenericOAuthenticator, "token_to_user", person)
    return authenticator_of(config), asked


def fresh(_):
    return {"access_token": "new", "token_type": "Bearer", "expires_in": 3600}


def test_an_access_token_that_ends_soon_is_renewed_and_the_refresh_token_is_kept(config, monkeypatch):
    age = config.GenericOAuthenticator.auth_refresh_age
    authenticator, asked = token_endpoint(config, monkeypatch, fresh)
    model = asyncio.run(authenticator.refresh_user(with_token(2 * age - 5)))
    assert [params["grant_type"] for params in asked] == ["refresh_token"]
    assert model["auth_state"]["access_token"] == "new" and model["auth_state"]["refresh_token"] == "r"
    assert 3590 <= model["auth_state"]["token_response"]["expires_at"] - time.time() <= 3600
    assert model["groups"] == ["/vo2/af"]


def test_a_refresh_token_that_is_good_once_is_replaced_by_the_one_that_comes_with_the_answer(config, monkeypatch):
    authenticator, _ = token_endpoint(config, monkeypatch, lambda params: {**fresh(params), "refresh_token": "next"})
    model = asyncio.run(authenticator.refresh_user(with_token(60)))
    assert model["auth_state"]["refresh_token"] == "next"


def test_an_access_token_that_is_good_for_long_is_left_alone(config, monkeypatch):
    age = config.GenericOAuthenticator.auth_refresh_age
    authenticator, asked = token_endpoint(config, monkeypatch, fresh)
    model = asyncio.run(authenticator.refresh_user(with_token(2 * age + 60)))
    assert asked == [] and model["auth_state"]["access_token"] == "old"


def test_a_renewal_that_fails_ends_no_session_whose_token_is_still_good(config, monkeypatch):
    def fail(_):
        raise web.HTTPError(503)

    authenticator, asked = token_endpoint(config, monkeypatch, fail)
    model = asyncio.run(authenticator.refresh_user(with_token(60)))
    assert len(asked) == 1 and model["auth_state"]["access_token"] == "old"
