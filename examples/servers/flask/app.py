"""An application in another language, beside `verify-contact serve`: it tells the backend by bearer JWT who is asking,
and checks proofs by the backend's jwks.json. Users and sessions are what any Flask application has."""
import json
import os
import secrets
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, abort, jsonify, redirect, render_template, request, send_from_directory, session
from jwt.algorithms import OKPAlgorithm
from werkzeug.security import check_password_hash, generate_password_hash

ORIGIN = os.environ["ORIGIN"]  # of this application: who issues the bearer JWTs, and who proofs are for
VERIFY = os.environ["VERIFY"]  # where `verify-contact serve` listens

app = Flask(__name__, template_folder=".", static_folder=None)
# In production, read all keys from your configuration.
app.secret_key = secrets.token_bytes(32)
app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
bearer_key = Ed25519PrivateKey.generate()
proof_keys = jwt.PyJWKClient(f"{VERIFY}/jwks.json")
users = {}  # by name
spent = set()  # proofs serve once


def verified(proof, purpose, subject):
    """What a proof says. All of it must be as expected, the subject too: None is for people who are not signed in."""
    key = proof_keys.get_signing_key_from_jwt(proof).key
    demands = {"require": ["exp", "iat", "jti", "purpose"]}
    claims = jwt.decode(proof, key, algorithms=["ES256"], options=demands, audience=ORIGIN, issuer="verify-contact")
    right = (
        # The signature covers the header, so it is verified here.
        jwt.get_unverified_header(proof).get("typ") == "verify-contact-proof+jwt"
        and claims["purpose"] == purpose
        and claims.get("sub") == subject
        and claims.get("context") is None
        and claims["jti"] not in spent
    )
    if not right:
        raise jwt.InvalidTokenError
    spent.add(claims["jti"])
    return claims


@app.get("/.well-known/jwks.json")
def bearer_keys():
    key = {**json.loads(OKPAlgorithm.to_jwk(bearer_key.public_key())), "kid": "1", "alg": "EdDSA", "use": "sig"}
    return jsonify(keys=[key])


@app.get("/token")
def token():
    """Who is asking, for the backend and for five minutes: it asks nobody else where the second factor goes."""
    user = users.get(session.get("user")) or abort(401)
    now = int(time.time())
    claims = {"iss": ORIGIN, "aud": "verify-contact", "sub": user["id"], "iat": now, "exp": now + 300}
    claims |= {"phone_number": user["phone"], "phone_number_verified": True, "two_factor_required": True}
    claims |= {"amr": ["pwd", "mfa"]} if session["signed_in"] else {}
    return jwt.encode(claims, bearer_key, "EdDSA", {"kid": "1"})


@app.get("/")
def page():
    return render_template("page.html", verify=VERIFY, user=session.get("user"), signed_in=session.get("signed_in"))


@app.get("/session")
def who():
    return jsonify(user=session.get("user"), signedIn=session.get("signed_in", False))


@app.post("/sign-up")
def sign_up():
    name, password = request.form["name"], request.form["password"]
    if name in users:
        abort(422)  # before the proof is used up
    contact = verified(request.form["proof"], "contact", None)["contact"]
    if contact["type"] != "phone":
        abort(422)
    users[name] = {"id": secrets.token_hex(8), "phone": contact["value"], "password": generate_password_hash(password)}
    # The code that the person just entered is the second factor of this first session.
    session.update(user=name, signed_in=True)
    return redirect("/", 303)


@app.post("/sign-in")
def sign_in():
    user = users.get(request.form["name"])
    if not user or not check_password_hash(user["password"], request.form["password"]):
        abort(422)
    session.update(user=request.form["name"], signed_in=False)
    return redirect("/", 303)


@app.post("/second-factor")
def second_factor():
    user = users.get(session.get("user")) or abort(401)
    verified(request.form["proof"], "two-factor", user["id"])
    session["signed_in"] = True
    return redirect("/", 303)


@app.post("/sign-out")
def sign_out():
    session.clear()
    return redirect("/", 303)


@app.errorhandler(jwt.PyJWTError)
def refused(_error):
    return "Please verify again.", 422


@app.get("/assets/<path:file>")
def assets(file):
    return send_from_directory("node_modules/verify-contact/dist", file)


@app.get("/page.js")
def script():
    return send_from_directory(".", "page.js")
