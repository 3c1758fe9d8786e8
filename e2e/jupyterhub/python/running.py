"""The real hub on an empty database, with the files of dist, on this machine."""

import os
import socket
import subprocess
import sys
import time
from types import SimpleNamespace
from urllib.request import urlopen

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


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Running(SimpleNamespace):
    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)


def start_hub(site, folder, processes, more=""):
    """Starts proxy and hub; `more` is added to the hub's program."""
    hub, api, tokens = free_port(), free_port(), free_port()
    data = config_map(site)
    # The ports and names of the pods are those of this machine here; all else is what is in dist.
    data["af.json"] = (
        data["af.json"]
        .replace("http://:8081", f"http://127.0.0.1:{hub}")
        .replace("http://hub.jupyterhub.svc:8081", f"http://127.0.0.1:{hub}")
        .replace("http://localhost:8081", f"http://127.0.0.1:{hub}")
        .replace("http://proxy-api:8001", f"http://127.0.0.1:{api}")
        .replace('"port": 8082', f'"port": {tokens}')
    )
    data["jupyterhub_config.py"] += more
    program = lay_out(folder / "hub", data, fresh_secrets())
    processes.append(subprocess.Popen([sys.executable, "-c", PROXY, str(api)]))
    log, database = folder / "hub.log", folder / "srv"
    database.mkdir()
    with log.open("wb") as output:
        command = [sys.executable, "-m", "jupyterhub", "--config", str(program), "--upgrade-db"]
        process = subprocess.Popen(command, cwd=database, stdout=output, stderr=subprocess.STDOUT, env=dict(os.environ))
    processes.append(process)
    running = Running(hub=hub, tokens=tokens, log=log, database=database, process=process)
    running.wait(lambda: healthy(hub))
    return running
