"""What tokens are made of, and what the notebook makes of them."""

import base64
import http.server
import json
import os
import stat
import threading
import time

import notebook_tokens
import pytest
import start_notebook
from conftest import ROOT

VECTORS = json.loads((ROOT / "lib" / "htcondor" / "id-token.vectors.json").read_text(encoding="utf-8"))
KEY = b"another-test-vector"
NOW = 1_795_558_169
EXPERIMENTS = [
    {"name": "cms", "groups": ["/cms/users", "/cms/admins"], "environment": {}},
    {"name": "vo2", "groups": ["/vo2"], "environment": {}},
    {"name": "lab", "groups": None, "environment": {}},
]
SITE = {"experiments": EXPERIMENTS, "tokens": {"pool": {"trustDomain": "af.example.org", "seconds": 1200}}}


def state(**change):
    return {"access_token": "a", "token_response": {"expires_at": NOW + 9}, "oauth_user": {"sub": "0a-1b"}, **change}


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_a_token_is_signed_as_htcondor_signs_it():
    [vector] = [each for each in VECTORS["tokens"] if each["key"] != "POOL"]
    signed, expected = vector["token"].rsplit(".", 1)
    assert notebook_tokens.signature(vector["content"].encode(), signed) == expected


def test_a_token_is_the_one_that_the_projects_typescript_makes():
    vector = VECTORS["minted"]
    assert notebook_tokens.mint(vector["content"].encode(), vector["claims"]) == vector["token"]


def test_each_experiment_of_a_user_gives_an_identity():
    made = notebook_tokens.tokens_for(SITE, KEY, {"name": "alice", "groups": ["/cms/users"]}, state(), NOW)
    assert list(made["pool"]) == ["cms", "lab"] and made["messages"] == []
    said = claims(made["pool"]["cms"]["token"])
    assert said["sub"] == "cms_0a-1b@af.example.org" and said["iss"] == "af.example.org"
    assert said["exp"] == made["pool"]["cms"]["expires"] == NOW + 1200 and said["iat"] <= NOW - 30
    assert said["scope"] == "condor:/READ condor:/WRITE"
    again = notebook_tokens.tokens_for(SITE, KEY, {"name": "alice", "groups": ["/cms/users"]}, state(), NOW)
    assert claims(again["pool"]["cms"]["token"])["jti"] != said["jti"]


def test_groups_are_compared_whole():
    for groups in (["/cms"], ["/cms/users/sub"], ["/cms/users-of-others"], []):
        assert notebook_tokens.experiments_of(EXPERIMENTS, groups) == ["lab"]


@pytest.mark.parametrize("sub", ["", "a_b", "a@b", "../x", "a b", "a\n", "ä"])
def test_a_subject_that_could_be_somebody_else_gets_no_token_of_the_pool(sub):
    user = {"name": "alice", "groups": ["/cms/users"]}
    made = notebook_tokens.tokens_for(SITE, KEY, user, state(oauth_user={"sub": sub}), NOW)
    assert made["pool"] == {} and "no name for a pool" in made["messages"][0]


def test_an_access_token_that_has_ended_is_not_handed_out():
    user = {"name": "alice", "groups": ["/vo2"]}
    for auth_state in (state(token_response={"expires_at": NOW}), {**state(), "access_token": None}, {}):
        made = notebook_tokens.tokens_for(SITE, KEY, user, auth_state, NOW)
        assert made["bearer"] is None and "log out and in again" in made["messages"][0]


def test_the_end_of_an_access_token_is_what_the_log_in_service_said_or_what_the_token_says():
    token = notebook_tokens.mint(KEY, {"exp": 17})
    assert notebook_tokens.expiry({"access_token": token}) == 17
    assert notebook_tokens.expiry({"access_token": token, "token_response": {"expires_at": 18}}) == 18
    assert notebook_tokens.expiry({"access_token": "opaque"}) is None


def test_without_a_pool_there_is_the_access_token_alone():
    site = {"experiments": EXPERIMENTS, "tokens": {"pool": None}}
    made = notebook_tokens.tokens_for(site, b"", {"name": "alice", "groups": ["/vo2"]}, state(), NOW)
    assert made == {"bearer": {"token": "a", "expires": NOW + 9}, "pool": {}, "messages": []}


@pytest.fixture
def hub(monkeypatch):
    """A hub whose answer the test decides."""
    answer = {"status": 200, "body": {}}
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.headers["Authorization"])
            body = json.dumps(answer["body"]).encode()
            self.send_response(answer["status"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AF_TOKENS_URL", f"http://127.0.0.1:{server.server_port}/tokens")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "mine")
    answer["asked"], answer["server"] = asked, server
    yield answer
    server.shutdown()
    server.server_close()


def good(*experiments, ends=NOW + 1200):
    pool = {name: {"token": f"token-of-{name}", "expires": ends} for name in experiments}
    return {"bearer": {"token": "access", "expires": NOW + 3600}, "pool": pool, "messages": []}


@pytest.fixture
def run(tmp_path):
    """Where the files of tokens are, and nothing else."""
    return tmp_path / "run"


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "status.json"
    }


def status(folder):
    return json.loads((folder / "status.json").read_text(encoding="utf-8"))


def test_tokens_are_files_of_their_user_alone(hub, run):
    hub["body"] = good("cms", "vo2")
    delay = start_notebook.Tokens(str(run)).renew(NOW)
    assert hub["asked"] == ["token mine"]
    assert files(run) == {
        "bearer_token": "access",
        "pool/cms/token": "token-of-cms",
        "pool/vo2/token": "token-of-vo2",
    }
    for path in run.rglob("*"):
        mode = stat.S_IMODE(os.stat(path).st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    assert delay == start_notebook.ASK_SECONDS
    assert status(run)["ends"]["bearer_token"] == "2026-11-24T23:09:29Z"


def test_a_reader_never_sees_half_a_token(run):
    path, texts = str(run / "token"), ["a" * 4000, "b" * 4000]
    start_notebook.write(path, texts[0])
    stop = threading.Event()

    def rewrite():
        turn = 0
        while not stop.is_set():
            turn += 1
            start_notebook.write(path, texts[turn % 2])

    writer = threading.Thread(target=rewrite)
    writer.start()
    for _ in range(2000):
        with open(path, encoding="utf-8") as file:
            assert file.read() in texts
    stop.set()
    writer.join()


def test_a_token_is_renewed_before_half_of_it_is_over(hub, run):
    hub["body"] = good("cms", ends=NOW + 100)
    assert start_notebook.Tokens(str(run)).renew(NOW) == 50


def test_the_token_of_an_experiment_that_was_left_goes(hub, run):
    tokens = start_notebook.Tokens(str(run))
    hub["body"] = good("cms", "vo2")
    tokens.renew(NOW)
    hub["body"] = good("vo2")
    tokens.renew(NOW)
    assert sorted(files(run)) == ["bearer_token", "pool/vo2/token"]


def test_d11_who_is_refused_has_no_token_left_and_reads_why_once(hub, run, capsys):
    tokens = start_notebook.Tokens(str(run))
    hub["body"] = good("cms")
    tokens.renew(NOW)
    hub.update(status=403, body={"messages": ["you have left"]})
    for _ in range(2):
        assert tokens.renew(NOW) == start_notebook.RETRY_SECONDS
    assert files(run) == {}
    assert status(run)["messages"] == ["the hub gives no tokens: you have left"]
    assert capsys.readouterr().err.count("you have left") == 1
    hub.update(status=200, body=good("cms"))
    tokens.renew(NOW)
    assert sorted(files(run)) == ["bearer_token", "pool/cms/token"]


def test_while_the_hub_is_down_tokens_stay_until_they_end_and_no_longer(hub, run, capsys):
    tokens = start_notebook.Tokens(str(run))
    hub["body"] = good("cms")
    tokens.renew(NOW)
    hub.update(status=503, body={"messages": ["busy"]})
    tokens.renew(NOW + 1)
    assert len(files(run)) == 2
    hub["server"].shutdown()
    hub["server"].server_close()
    tokens.renew(NOW + 1199)
    assert len(files(run)) == 2
    tokens.renew(NOW + 1200)
    assert list(files(run)) == ["bearer_token"]
    tokens.renew(NOW + 3600)
    assert files(run) == {}
    assert "cannot be asked" in capsys.readouterr().err


def test_a_name_that_leads_elsewhere_is_no_file(hub, run):
    hub["body"] = good("../../etc", "cms/..", ".", "cms")
    start_notebook.Tokens(str(run / "own")).renew(NOW)
    assert sorted(files(run)) == ["own/bearer_token", "own/pool/cms/token"]


def test_what_an_answer_lacks_is_said_and_changes_nothing(hub, run, capsys):
    tokens = start_notebook.Tokens(str(run))
    hub["body"] = good("cms")
    tokens.renew(NOW)
    hub["body"] = {"bearer": None}
    assert tokens.renew(NOW) == start_notebook.RETRY_SECONDS
    assert len(files(run)) == 2
    assert "pool" in capsys.readouterr().err


def test_the_program_becomes_the_notebook_and_leaves_somebody_who_renews(hub, run):
    import subprocess
    import sys

    hub["body"] = good("cms", ends=int(time.time()) + 1200)
    program = ROOT / "lib" / "jupyterhub" / "start_notebook.py"
    code = "import os,sys,time; print(os.getpid(), sys.argv[1:], flush=True); time.sleep(60)"
    notebook = [sys.executable, "-c", code]
    environment = {**os.environ, "AF_TOKENS": str(run), "AF_DASK": "true"}
    process = subprocess.Popen(
        [sys.executable, str(program), *notebook, "--port=8888"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        assert process.stdout.readline() == f"{process.pid} ['--port=8888']\n"
        assert sorted(files(run)) == ["bearer_token", "dask/dask-key.pem", "dask/dask.pem", "pool/cms/token"]
        mode = stat.S_IMODE(os.stat(run / "dask" / "dask-key.pem").st_mode)
        assert mode == 0o600
    finally:
        os.killpg(process.pid, 9)
        process.communicate()


def test_the_certificate_for_dask_is_good_for_both_sides_by_the_strict_rules(run):
    import ssl

    start_notebook.make_dask_identity(str(run))
    certificate, key = str(run / "dask.pem"), str(run / "dask-key.pem")
    sides = []
    for purpose in (ssl.Purpose.CLIENT_AUTH, ssl.Purpose.SERVER_AUTH):
        context = ssl.create_default_context(purpose, cafile=certificate)
        context.load_cert_chain(certificate, key)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        # As Python 3.13 has it by default.
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        sides.append(context)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = sides[0].wrap_bio(to_server, to_client, server_side=True)
    client = sides[1].wrap_bio(to_client, to_server)
    pending = {server, client}
    for _ in range(10):
        for side in list(pending):
            try:
                side.do_handshake()
                pending.discard(side)
            except ssl.SSLWantReadError:
                pass
    assert not pending


def test_the_access_point_is_found_by_address_and_version(run, monkeypatch):
    monkeypatch.setenv("AF_ACCESS_POINT", "localhost:9618")
    monkeypatch.setenv("AF_CONDOR_VERSION", "25.0.13")
    start_notebook.find_access_point(str(run))
    version = "$CondorVersion: 25.0.13 2000-01-01 $\n$CondorPlatform: x86_64 $\n"
    assert files(run) == {"access-point": f"<127.0.0.1:9618>\n{version}"}


def test_tokens_come_also_while_the_access_point_has_no_address(hub, run, monkeypatch, capsys):
    def unknown(_):
        raise OSError("Name or service not known")

    monkeypatch.setenv("AF_ACCESS_POINT", "access-point.htcondor.svc:9618")
    monkeypatch.setenv("AF_CONDOR_VERSION", "25.0.13")
    monkeypatch.setattr(start_notebook, "FOLDER", str(run))
    monkeypatch.setattr(start_notebook.socket, "gethostbyname", unknown)
    hub["body"] = good("cms")
    tokens = start_notebook.Tokens(str(run))
    for _ in range(2):
        assert start_notebook.renew(tokens) >= 10
    assert sorted(files(run)) == ["bearer_token", "pool/cms/token"]
    assert capsys.readouterr().err.count("is not found: OSError: Name or service not known") == 1


def test_tokens_are_renewed_and_ended_ones_go_while_the_access_point_has_no_address(hub, run, monkeypatch):
    monkeypatch.setenv("AF_ACCESS_POINT", "no-such-host.invalid:9618")
    monkeypatch.setenv("AF_CONDOR_VERSION", "25.0.13")
    monkeypatch.setattr(start_notebook, "FOLDER", str(run))
    hub["body"] = {**good("cms", ends=int(time.time()) + 1200), "bearer": None}
    tokens = start_notebook.Tokens(str(run))
    assert start_notebook.renew(tokens) == start_notebook.ASK_SECONDS
    assert list(files(run)) == ["pool/cms/token"]
    tokens.ends = dict.fromkeys(tokens.ends, 1)
    hub["body"] = ["nonsense"]
    assert start_notebook.renew(tokens) == start_notebook.RETRY_SECONDS
    assert files(run) == {}


def test_a_user_is_asked_for_by_the_whole_name():
    assert notebook_tokens.path_of("alice") == "/users/alice"
    for name in ("alice#2", "alice?2", "alice/2", "alice%2F", "alice 2"):
        assert len(notebook_tokens.path_of(name).split("/")) == 3
        assert not set("#? ") & set(notebook_tokens.path_of(name))
        assert notebook_tokens.path_of(name) != "/users/alice"


def test_the_certificate_for_dask_outlives_every_notebook(run):
    import datetime

    from cryptography import x509

    start_notebook.make_dask_identity(str(run))
    certificate = x509.load_pem_x509_certificate((run / "dask.pem").read_bytes())
    now = datetime.datetime.now(datetime.UTC)
    # The clock of a worker may be behind.
    assert certificate.not_valid_before_utc < now - datetime.timedelta(hours=1)
    assert certificate.not_valid_after_utc > now + datetime.timedelta(days=300)
