"""The real hub on an empty database."""

import os
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from conftest import config_map, fresh_secrets, lay_out

PROXY = """
import http.server, sys
class Routes(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = b"{}"
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200 if self.command == "GET" else 201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_DELETE = answer
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Routes).serve_forever()
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def healthy(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/hub/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def processes():
    started = []
    yield started
    for process in reversed(started):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def test_b5_the_hub_comes_up_with_its_culler_and_without_a_warning_of_its_settings(site, tmp_path, processes):
    hub, api = free_port(), free_port()
    data = config_map(site)
    # The ports and names of the pods are those of this machine here; all else is what is in dist.
    data["af.json"] = (
        data["af.json"]
        .replace("http://:8081", f"http://127.0.0.1:{hub}")
        .replace("http://hub.jupyterhub.svc:8081", f"http://127.0.0.1:{hub}")
        .replace("http://localhost:8081", f"http://127.0.0.1:{hub}")
        .replace("http://proxy-api:8001", f"http://127.0.0.1:{api}")
    )
    program = lay_out(tmp_path / "hub", data, fresh_secrets())
    processes.append(subprocess.Popen([sys.executable, "-c", PROXY, str(api)]))
    log = tmp_path / "hub.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "jupyterhub", "--config", str(program), "--upgrade-db"]
        folder = tmp_path / "srv"
        folder.mkdir()
        processes.append(
            subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=dict(os.environ))
        )
    deadline = time.monotonic() + 120
    while not healthy(hub):
        text = log.read_text(encoding="utf-8", errors="replace")
        assert processes[-1].poll() is None, text
        assert time.monotonic() < deadline, text
        time.sleep(0.2)
    while "Cull" not in log.read_text(errors="replace") and "culler" not in log.read_text(errors="replace"):
        assert time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.2)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert "not recognized" not in text
    assert "Traceback" not in text, text
    assert (folder / "jupyterhub.sqlite").exists()
