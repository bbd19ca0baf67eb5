"""An institution's sign-in service as a program of its own, on real HTTP: the package
oidc-provider-mock, which also keeps to PKCE here and can be told to err.

    python oidc_service.py PORT
    PUT /faults   {"nonce": "another", …}: claims to put into the next ID tokens, and
                  "_break_signature", "_keep_codes", "_userinfo_sub", "_no_id_token"
"""

import base64
import hashlib
import sys
import time
from urllib.parse import parse_qs, urlsplit

import flask
import jwt
import oidc_provider_mock
from werkzeug.serving import run_simple

app = oidc_provider_mock.app(require_nonce=True)
faults: dict[str, object] = {}
challenges: dict[str, str] = {}


@app.put("/faults")
def set_faults() -> str:
    faults.clear()
    faults.update(flask.request.get_json())
    return ""


@app.after_request
def remember_challenge(response: flask.Response) -> flask.Response:
    if flask.request.path == "/oauth2/authorize" and response.status_code == 302:
        code = parse_qs(urlsplit(response.location).query).get("code", [""])[0]
        challenges[code] = flask.request.args.get("code_challenge", "")
    return response


@app.before_request
def keep_to_pkce() -> tuple[str, int] | None:
    """The verifier of the one who asked, or no token."""
    if flask.request.path != "/oauth2/token":
        return None
    sent = flask.request.form
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if challenges.get(sent["code"]) != challenge:
        return "{}", 400
    return None


@app.before_request
def hold_the_code() -> None:
    if flask.request.path == "/oauth2/token" and faults.get("_keep_codes"):
        storage = flask.g.oidc_provider_mock_storage
        flask.g.kept = storage.get_authorization_code(flask.request.form["code"])


@app.after_request
def err(response: flask.Response) -> flask.Response:
    if response.status_code != 200:
        return response
    if flask.request.path == "/userinfo" and "_userinfo_sub" in faults:
        response.set_data(flask.json.dumps({"sub": faults["_userinfo_sub"]}))
    if flask.request.path == "/oauth2/token":
        if code := getattr(flask.g, "kept", None):
            flask.g.oidc_provider_mock_storage.store_authorization_code(code)
        response.set_data(flask.json.dumps(wrong(response.get_json())))
    return response


def wrong(answer: dict) -> dict:
    if faults.get("_no_id_token"):
        return answer | {"id_token": None}
    token = answer["id_token"]
    if faults.get("_break_signature"):
        head, body, signature = token.split(".")
        return answer | {"id_token": f"{head}.{body}.{signature[:-8]}AAAAAAAA"}
    claims = jwt.decode(token, options={"verify_signature": False})
    given = {name: value for name, value in faults.items() if name[0] != "_"}
    for name in ("exp", "auth_time"):  # given as seconds from now
        if name in given:
            given[name] = int(time.time()) + given[name]
    kid = jwt.get_unverified_header(token).get("kid")
    header = {"kid": kid} if kid else {}
    key = flask.g.oidc_provider_mock_storage.jwk.as_pem(is_private=True)
    return answer | {
        "id_token": jwt.encode(claims | given, key, "RS256", headers=header)
    }


if __name__ == "__main__":
    run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
