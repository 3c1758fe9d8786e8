"""Pods and claims that the real KubeSpawner makes of the profiles of every site."""

import json
import re
from types import SimpleNamespace

import pytest
from conftest import SITES, config_map, fresh_secrets, lay_out, load
from spawning import Notebook, User, manifests
from tornado import web

HUB_LABEL = "hub.jupyter.org/network-access-hub"


def everybody(af):
    login = af["login"]
    return [*login["allowedGroups"], *login["adminGroups"]]


def choices(profile):
    images = profile.get("profile_options", {}).get("image", {}).get("choices", {})
    return [{"image": name} for name in images] or [{}]


def pods(hub):
    for entry in hub.af["profiles"]:
        for choice in choices(entry["profile"]):
            notebook = Notebook(hub.config, everybody(hub.af), profile=entry["profile"]["slug"], **choice)
            yield entry["profile"], choice, *manifests(notebook)


def test_c1_each_profile_gives_what_it_says(hub):
    seen = 0
    for profile, choice, pod, _ in pods(hub):
        override = profile["kubespawner_override"]
        container = pod["spec"]["containers"][0]
        limits, requests = container["resources"]["limits"], container["resources"]["requests"]
        assert float(limits["cpu"]) == override["cpu_limit"]
        assert float(requests["cpu"]) == override["cpu_guarantee"]
        assert int(requests["memory"]) <= int(limits["memory"])
        assert pod["spec"].get("nodeSelector", {}) == override.get("node_selector", {})
        assert (pod["spec"].get("tolerations") or []) == override["tolerations"]
        options = profile.get("profile_options", {}).get("image", {}).get("choices", {})
        wanted = options[choice["image"]]["kubespawner_override"] if choice else override
        assert container["image"] == wanted["image"]
        seen += 1
    assert seen >= len(hub.af["profiles"])


def test_c2_gpus_come_with_selector_and_toleration_and_other_pods_see_none(hub):
    for profile, _, pod, _ in pods(hub):
        limits = pod["spec"]["containers"][0]["resources"]["limits"]
        gpus = [name for name in limits if name.startswith("nvidia.com/")]
        environment = {each["name"]: each.get("value") for each in pod["spec"]["containers"][0]["env"]}
        if "extra_resource_limits" not in profile["kubespawner_override"]:
            assert gpus == []
            assert environment["NVIDIA_VISIBLE_DEVICES"] == "void"
            continue
        assert len(gpus) == 1
        assert "NVIDIA_VISIBLE_DEVICES" not in environment
        assert "nvidia.com/gpu.product" in pod["spec"]["nodeSelector"]
        assert "nvidia.com/gpu" in [each["key"] for each in pod["spec"]["tolerations"]]
        mounts = [each["mountPath"] for each in pod["spec"]["containers"][0]["volumeMounts"]]
        assert "/dev/shm" in mounts and "/home/jovyan" in mounts


def test_c3_c5_pods_pass_the_level_restricted(hub):
    for _, _, pod, _ in pods(hub):
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not spec.get("initContainers") and not spec.get("hostNetwork")
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert context["runAsUser"] == 1000 and "privileged" not in context
        kinds = {key for volume in spec["volumes"] for key in volume} - {"name"}
        assert kinds <= {"persistentVolumeClaim", "emptyDir", "configMap", "secret", "csi", "projected"}
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False


def test_c4_labels_are_those_of_the_policies_and_not_those_of_argo_cd(hub):
    for _, _, pod, claim in pods(hub):
        labels = pod["metadata"]["labels"]
        assert labels["component"] == "singleuser-server"
        assert labels[HUB_LABEL] == "true"
        for made in (pod, claim):
            assert made["metadata"].get("namespace", "jupyterhub-users") == "jupyterhub-users"
            assert "app.kubernetes.io/instance" not in made["metadata"]["labels"]
            assert not [key for key in made["metadata"]["labels"] if key.startswith("helm.sh/")]
        options = claim["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        assert options == "Prune=false,Delete=false"


def test_a_home_is_kept_when_its_user_is_deleted(hub):
    async def delete(spawner):
        # No claim is deleted: there is no API server that would answer.
        await spawner.delete_forever()
        return spawner.delete_pvc

    assert Notebook(hub.config, everybody(hub.af)).run(delete) is False


NAMES = ["a.b", "a-b", "a_b", "a@b.org", "x" * 70, f"{'x' * 69}y", "Ünï.cødé", "0"]


def test_c6_names_are_short_the_same_each_time_and_of_one_user_only(hub):
    def names(user):
        pod, claim = manifests(Notebook(hub.config, everybody(hub.af), name=user))
        return pod["metadata"]["name"], claim["metadata"]["name"]

    first, second = [names(user) for user in NAMES], [names(user) for user in NAMES]
    assert first == second
    for kind in (0, 1):
        assert len({each[kind] for each in first}) == len(NAMES)
        for each in first:
            assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", each[kind]) and len(each[kind]) <= 63


@pytest.fixture
def two(tmp_path):
    config = load(lay_out(tmp_path / "two", config_map("two-experiments"), fresh_secrets()))
    return SimpleNamespace(config=config)


def slugs(config, groups):
    spawner = SimpleNamespace(user=User("alice.rossi", groups))
    return [profile["slug"] for profile in config.KubeSpawner.profile_list(spawner)]


def test_a_profile_of_an_experiment_is_hidden_from_others_and_refused_to_them(two):
    assert "a100-full" in slugs(two.config, ["/cms/af/users"])
    assert "a100-full" not in slugs(two.config, ["/vo2/af"])
    manifests(Notebook(two.config, ["/cms/af/users"], profile="a100-full"))
    with pytest.raises(ValueError, match="a100-full"):
        manifests(Notebook(two.config, ["/vo2/af"], profile="a100-full"))


def test_who_is_in_no_group_starts_nothing_and_reads_why(two):
    for groups in ([], ["/cms"]):
        with pytest.raises(web.HTTPError, match=r"Ask your experiment"):
            manifests(Notebook(two.config, groups))


def test_a_shared_volume_is_mounted_for_its_experiment_only(two):
    def mounts(groups):
        pod, _ = manifests(Notebook(two.config, groups))
        return [each["mountPath"] for each in pod["spec"]["containers"][0]["volumeMounts"]]

    assert "/shared/cms-work" in mounts(["/cms/af/users"])
    assert "/shared/cms-work" not in mounts(["/vo2/af"])
    assert "/home/jovyan" in mounts(["/vo2/af"])


def variables(config, groups, **options):
    pod, _ = manifests(Notebook(config, groups, **options))
    return {each["name"]: each.get("value") for each in pod["spec"]["containers"][0]["env"]}


def test_a_notebook_works_for_the_experiment_of_its_user(two):
    assert variables(two.config, ["/vo2/af"])["AF_EXPERIMENT"] == "vo2"
    assert variables(two.config, ["/cms/af/admins"])["AF_EXPERIMENT"] == "cms"
    both = ["/vo2/af", "/cms/af/users"]
    assert variables(two.config, both)["AF_EXPERIMENT"] == "cms"
    assert variables(two.config, both, profile="a100-full")["AF_EXPERIMENT"] == "cms"


def test_a_profile_of_an_experiment_is_for_that_one_whichever_comes_first(tmp_path):
    data = config_map("two-experiments")
    af = json.loads(data["af.json"])
    af["experiments"].reverse()
    config = load(lay_out(tmp_path / "turned", {**data, "af.json": json.dumps(af)}, fresh_secrets()))
    both = ["/vo2/af", "/cms/af/users"]
    assert variables(config, both)["AF_EXPERIMENT"] == "vo2"
    assert variables(config, both, profile="a100-full")["AF_EXPERIMENT"] == "cms"


def test_a_notebook_knows_where_the_data_of_its_experiment_is(two):
    cms, vo2 = variables(two.config, ["/cms/af/users"]), variables(two.config, ["/vo2/af"])
    assert cms["AF_XROOTD_CACHE"] == "root://xcache.af.dc.example.org:1094" and "AF_S3_BUCKET" not in cms
    assert vo2["AWS_ENDPOINT_URL_S3"] == "https://s3.dc.example.org" and "AF_XROOTD_REDIRECTOR" not in vo2


def test_a_notebook_starts_by_the_program_that_brings_its_tokens(hub):
    for _, _, pod, _ in pods(hub):
        container = pod["spec"]["containers"][0]
        assert container["args"][:3] == ["python3", "/etc/af/start_notebook.py", "jupyterhub-singleuser"]
        values = {each["name"]: each.get("value") for each in container["env"]}
        assert values["BEARER_TOKEN_FILE"] == "/run/af/bearer_token"
        assert values["CONDOR_CONFIG"] == "/etc/af/condor_config"
        assert [each["emptyDir"] for each in pod["spec"]["volumes"] if each["name"] == "tokens"] == [
            {"medium": "Memory", "sizeLimit": "1Mi"}
        ]


def spark_of(config, groups, **options):
    """Account, token, label and configuration of a notebook, as far as it has them."""
    pod, _ = manifests(Notebook(config, groups, **options))
    spec = pod["spec"]
    return {
        "account": spec.get("serviceAccountName"),
        "token": spec["automountServiceAccountToken"],
        "label": pod["metadata"]["labels"].get("analysis-facility/spark"),
        "maps": [
            volume["configMap"]["name"]
            for volume in spec["volumes"]
            if "configMap" in volume and volume["name"] != "notebook-files"
        ],
    }


NO_SPARK = {"account": None, "token": False, "label": None, "maps": []}


def test_spark_is_for_members_of_its_experiment_who_have_chosen_it(two):
    with_spark = {"account": "spark-cms", "token": True, "label": "cms", "maps": ["spark-cms"]}
    assert spark_of(two.config, ["/cms/af/users"], profile="small", spark="cms") == with_spark
    assert spark_of(two.config, ["/cms/af/users"], profile="small", spark="_none") == NO_SPARK
    assert spark_of(two.config, ["/cms/af/users"], profile="small") == NO_SPARK
    both = ["/cms/af/users", "/vo2/af"]
    assert spark_of(two.config, both, profile="large", spark="vo2")["account"] == "spark-vo2"
    with pytest.raises(KeyError):
        manifests(Notebook(two.config, ["/vo2/af"], profile="small", spark="cms"))


def test_a_profile_that_is_not_for_spark_offers_none(two):
    assert spark_of(two.config, ["/cms/af/users"], profile="t4-shared", spark="cms") == NO_SPARK


def test_a_notebook_with_spark_has_the_name_that_executors_are_told(two):
    for user in NAMES:
        options = {"profile": "small", "spark": "cms"}
        pod, _ = manifests(Notebook(two.config, ["/cms/af/users"], name=user, **options))
        spec = pod["spec"]
        assert spec["hostname"] == pod["metadata"]["name"] and spec["subdomain"] == "spark-cms"
        assert spec["enableServiceLinks"] is False
        environment = {each["name"]: each.get("value") for each in spec["containers"][0]["env"]}
        host = f"{spec['hostname']}.spark-cms.jupyterhub-users.svc"
        assert environment["AF_SPARK_DRIVER_HOST"] == host
        assert environment["SPARK_CONF_DIR"] == "/etc/spark"
        assert environment["NVIDIA_VISIBLE_DEVICES"] == "void"


@pytest.mark.parametrize(
    "options",
    [
        {"profile": "no-such-profile"},
        {"profile": "small", "image": "no-such-image"},
        {"profile": "small", "image--unlisted-choice": "evil.example.org/x:1.0.0"},
    ],
)
def test_c7_requests_for_what_is_not_offered_are_refused(two, options):
    with pytest.raises((ValueError, KeyError)):
        manifests(Notebook(two.config, ["/cms/af/users"], **options))


def test_c7_further_options_of_a_request_change_nothing(two):
    options = {"profile": "small", "kubespawner_override": {"image": "evil"}, "mem_limit": "1T"}
    pod, _ = manifests(Notebook(two.config, ["/vo2/af"], **options))
    assert pod["spec"]["containers"][0]["image"] == "registry.example.org/af/cms-lab:2026.10.1"
    assert pod["spec"]["containers"][0]["resources"]["limits"]["memory"] == 8 * 1024**3


def test_there_is_more_than_one_site():
    assert len(SITES) >= 3
