"""Starts a notebook and keeps its tokens fresh beside it: `start_notebook.py PROGRAM ARGUMENTS...`

Runs in images of all kinds, so it needs nothing but Python 3.8. Tokens are files of this user alone, replaced whole;
one that cannot be renewed is taken away when it ends, so no tool works with it longer than it is good.

/run/af/bearer_token          access token of the log-in service, for data
/run/af/pool/<experiment>/    tokens of the HTCondor pool
/run/af/access-point          where HTCondor's tools find the access point
/run/af/dask/                 certificate and key of this notebook, for Dask
/run/af/status.json           when each ends, and what was wrong the last time
"""

import json
import os
import re
import socket
import sys
import time
import urllib.error
import urllib.request

FOLDER = os.environ.get("AF_TOKENS", "/run/af")

# Often enough that the end of a membership is noticed soon, and that a token is renewed twice before it ends.
ASK_SECONDS = 240
# After a failure, and at most so long before the end of a token is noticed.
RETRY_SECONDS = 30
# A notebook does not wait longer than this for its first tokens.
TIMEOUT_SECONDS = 15

EXPERIMENT = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def say(text):
    print(f"[tokens] {text}", file=sys.stderr, flush=True)


def make_folder(path):
    """A folder of this user alone; so are those above it that are made with it."""
    if not os.path.isdir(path):
        make_folder(os.path.dirname(path))
        os.mkdir(path, 0o700)


def write(path, text):
    """The whole file or none, and never readable by others."""
    make_folder(os.path.dirname(path))
    # HTCondor reads no file whose name begins with a dot.
    half = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.half")
    if os.path.exists(half):
        os.remove(half)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(half, path)


def ask():
    """The answer of the hub's service; an HTTPError with its status where it refuses."""
    request = urllib.request.Request(
        os.environ["AF_TOKENS_URL"],
        data=b"",
        headers={"Authorization": f"token {os.environ['JUPYTERHUB_API_TOKEN']}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


class Tokens:
    """The files, and what was said last: the log repeats nothing."""

    def __init__(self, folder=FOLDER):
        self.folder = folder
        self.ends = {}
        self.said = None

    def path(self, name):
        return os.path.join(self.folder, *name.split("/"))

    def present(self):
        pool = self.path("pool")
        experiments = os.listdir(pool) if os.path.isdir(pool) else []
        names = ["bearer_token", *(f"pool/{name}/token" for name in experiments)]
        return [name for name in names if os.path.exists(self.path(name))]

    def keep(self, wanted):
        """Makes the files those that are wanted, a token and its end by name, and no others."""
        for name, token in wanted.items():
            write(self.path(name), token["token"])
        for name in set(self.present()) - set(wanted):
            self.remove(name)
        self.ends = {name: token["expires"] for name, token in wanted.items()}

    def remove(self, name):
        self.ends.pop(name, None)
        if os.path.exists(self.path(name)):
            os.remove(self.path(name))

    def drop_ended(self, now):
        for name in [name for name, end in self.ends.items() if end is not None and end <= now]:
            self.remove(name)

    def report(self, messages, now):
        moment = lambda at: None if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))  # noqa: E731
        ends = {name: moment(end) for name, end in self.ends.items()}
        status = {"asked": moment(now), "ends": ends, "messages": messages}
        write(self.path("status.json"), json.dumps(status, indent=2) + "\n")
        if messages != self.said:
            for message in messages or ["tokens are there: " + (", ".join(sorted(ends)) or "none")]:
                say(message)
        self.said = messages

    def renew(self, now):
        """Asks once, and gives the seconds until the next time. Whatever comes of it, what has ended goes first."""
        self.drop_ended(now)
        try:
            answer = ask()
            wanted = {"bearer_token": answer["bearer"]} if answer["bearer"] else {}
            for name, token in answer["pool"].items():
                if EXPERIMENT.fullmatch(name):
                    wanted[f"pool/{name}/token"] = token
            self.keep(wanted)
            self.report(answer["messages"], now)
            left = [end - now for end in self.ends.values() if end is not None]
            return max(10, min([ASK_SECONDS, *(each / 2 for each in left)]))
        except urllib.error.HTTPError as error:
            if error.code in (401, 403):
                self.keep({})
            self.report([f"the hub gives no tokens: {reason(error)}"], now)
        except (OSError, ValueError, KeyError) as error:
            self.report([f"the hub cannot be asked for tokens, the old ones stay until they end: {error}"], now)
        return RETRY_SECONDS


def reason(error):
    try:
        return "; ".join(json.load(error)["messages"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"


def make_dask_identity(folder):
    """A certificate that stands for this notebook and the workers it starts, and that nobody else has.

    A scheduler runs what it is sent: without it every job of the pool could run code in every notebook.
    """
    try:
        import datetime

        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        say(f"Dask over HTCondor does not work in this image, because Python has no cryptography: {error}")
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dask")])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + 366 * day)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(True, *[False] * 4, True, *[False] * 3), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write(os.path.join(folder, "dask-key.pem"), key.private_bytes(pem, *plain).decode())
    write(os.path.join(folder, "dask.pem"), certificate.public_bytes(pem).decode())


def find_access_point(folder):
    """Writes down address and version of the access point, as its daemon would for tools beside it."""
    host, port = os.environ["AF_ACCESS_POINT"].rsplit(":", 1)
    # The tools end if there is no date and no platform, and make nothing of them.
    version = f"$CondorVersion: {os.environ['AF_CONDOR_VERSION']} 2000-01-01 $\n$CondorPlatform: x86_64 $"
    write(os.path.join(folder, "access-point"), f"<{socket.gethostbyname(host)}:{port}>\n{version}\n")


failed = {}


def attempt(what, step, *arguments):
    """Does a step that no other needs: a notebook without the one is better than none. A reason is said once."""
    try:
        result = step(*arguments)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if failed.get(what) != text:
            say(f"{what}: {text}")
        failed[what] = text
        return None
    failed.pop(what, None)
    return result


def renew(tokens):
    """Gives the seconds until the next time."""
    if os.environ.get("AF_ACCESS_POINT"):
        attempt("the access point of HTCondor is not found", find_access_point, FOLDER)
    return attempt("tokens are not renewed", tokens.renew, int(time.time())) or RETRY_SECONDS


def renew_for_ever(tokens):
    while True:
        time.sleep(renew(tokens))


def main(command):
    if not command:
        sys.exit("start_notebook.py PROGRAM ARGUMENTS...")
    tokens = Tokens()
    # Whatever an earlier container of this pod has left.
    attempt("old tokens stay", tokens.keep, {})
    if os.environ.get("AF_DASK"):
        attempt("Dask over HTCondor does not work", make_dask_identity, os.path.join(FOLDER, "dask"))
    renew(tokens)
    if os.fork() == 0:
        time.sleep(RETRY_SECONDS)
        renew_for_ever(tokens)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
