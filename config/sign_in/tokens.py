"""An ID token is believed when all of it fits (OpenID Connect Core 3.1.3.7)."""

from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# Chosen here, never by the token: "none" and shared secrets are out.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
LEEWAY = 30  # seconds between two clocks
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class TokenRefused(OAuth2Error):
    """Why, in words for the log."""


def verified(
    token: str, *, keys: dict[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of a token whose signature, issuer, audience, age and nonce fit."""
    try:
        claims = jwt.decode(
            token,
            key=signing_key(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(f"the ID token does not hold ({name(error)})") from error
    if not nonce or claims["nonce"] != nonce:
        raise TokenRefused("the ID token answers another question (nonce)")
    if isinstance(claims["aud"], list) and claims.get("azp", client_id) != client_id:
        raise TokenRefused("the ID token was made for somebody else (azp)")
    return claims


def signing_key(token: str, keys: dict[str, Any]) -> Any:
    """The key that the token names; it need name none where there is only one."""
    kid = jwt.get_unverified_header(token).get("kid")
    known = [one for one in jwt.PyJWKSet.from_dict(keys).keys if serves(one)]
    fitting = [one for one in known if kid is None or one.key_id == kid]
    if len(fitting) != 1:
        raise TokenRefused("no key of the issuer fits the ID token")
    return fitting[0].key


def serves(key: jwt.PyJWK) -> bool:
    return key.public_key_use in (None, "sig")


def name(error: Exception) -> str:
    """Of the fault alone: its message may quote what the token says of a person."""
    return type(error).__name__
