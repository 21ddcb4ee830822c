"""Verifies a proof with PyJWT (pip install "pyjwt[crypto]"). Every exception means that the proof is not valid here."""
import jwt


def verify_proof(proof, jwks, audience, purpose, subject, context=None):
    """Returns the claims. `jwks`: the text of jwks.json. `subject`: the signed-in user's id, or None if nobody was signed in."""
    header = jwt.get_unverified_header(proof)
    key = jwt.PyJWKSet.from_json(jwks)[header["kid"]].key
    options = {"require": ["exp", "jti"], "verify_iat": False}  # iat: the clocks of two servers may differ
    claims = jwt.decode(proof, key, algorithms=["ES256"], audience=audience, options=options)
    right = (
        header["typ"] == "verify-contact-proof+jwt"  # the signature above covers the header
        and claims["aud"] == audience
        and claims["purpose"] == purpose
        and claims.get("sub") == subject
        and claims.get("context") == context
    )
    if not right:
        raise jwt.InvalidTokenError("The proof is not valid here.")
    return claims
