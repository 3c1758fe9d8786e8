"""What the hub makes of its files."""

import asyncio
import json

import pytest
from conftest import ROOT, SITES, config_map, fresh_secrets, lay_out, load
from jupyterhub.crypto import CryptKeeper
from oauthenticator.generic import GenericOAuthenticator
from traits import document


def edited(data, change):
    af = json.loads(data["af.json"])
    change(af)
    return {**data, "af.json": json.dumps(af)}


def test_b2_the_table_of_settings_is_that_of_the_pinned_packages():
    table = json.loads((ROOT / "lib" / "jupyterhub" / "traits.json").read_text(encoding="utf-8"))
    assert table == document()


def test_the_program_in_dist_is_the_one_that_is_linted(site):
    program = (ROOT / "lib" / "jupyterhub" / "jupyterhub_config.py").read_text(encoding="utf-8")
    assert config_map(site)["jupyterhub_config.py"] == program


def test_b1_every_setting_of_the_file_arrives(hub):
    for name, traits in hub.af["traits"].items():
        for trait, value in traits.items():
            assert hub.config[name][trait] == value, f"{name}.{trait}"


def test_b3_the_authenticator_takes_the_settings_without_a_warning(hub, caplog):
    authenticator = hub.config.JupyterHub.authenticator_class(config=hub.config)
    assert isinstance(authenticator, GenericOAuthenticator)
    assert authenticator.manage_groups and authenticator.enable_auth_state and authenticator.enable_pkce
    assert authenticator.allowed_groups == set(hub.af["login"]["allowedGroups"])
    assert authenticator.allow_all is False and authenticator.allow_existing_users is False
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]


def test_b2_a_setting_that_no_class_has_ends_the_start(tmp_path):
    data = config_map("two-experiments")
    for name, change in {
        "spawner": lambda af: af["traits"]["KubeSpawner"].update(memLimit="1G"),
        "profile": lambda af: af["profiles"][0]["profile"]["kubespawner_override"].update(extra_tolerations=[]),
        "choice": lambda af: af["profiles"][0]["profile"]["profile_options"]["image"]["choices"]["cms-lab"][
            "kubespawner_override"
        ].update(imagePull="x"),
    }.items():
        program = lay_out(tmp_path / name, edited(data, change), fresh_secrets())
        with pytest.raises(SystemExit, match="KubeSpawner has no"):
            load(program)


@pytest.mark.parametrize("key", fresh_secrets())
def test_a_secret_that_is_missing_or_empty_ends_the_start_and_is_named(key, tmp_path):
    keys = fresh_secrets()
    for name, wrong in {"missing": {k: v for k, v in keys.items() if k != key}, "empty": {**keys, key: ""}}.items():
        program = lay_out(tmp_path / name, config_map("single-node"), wrong)
        with pytest.raises(SystemExit, match=key):
            load(program)


def test_b4_tokens_that_an_old_key_has_encrypted_are_read_after_a_new_key_came_before_it(tmp_path):
    async def round_trip():
        old, new = "a1" * 32, "b2" * 32
        encrypted = await CryptKeeper(keys=[old]).encrypt({"access_token": "t"})
        keys = {**fresh_secrets(), "crypt_keys": f"{new};{old}"}
        config = load(lay_out(tmp_path / "hub", config_map("single-node"), keys))
        keeper = CryptKeeper(keys=config.CryptKeeper["keys"])
        assert await keeper.decrypt(encrypted) == {"access_token": "t"}
        assert await CryptKeeper(keys=[new]).decrypt(await keeper.encrypt({"a": 1})) == {"a": 1}

    asyncio.run(round_trip())


def test_there_is_a_site_to_look_at():
    assert len(SITES) >= 3
