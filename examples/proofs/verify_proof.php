<?php
// Verifies a proof with firebase/php-jwt 6 or 7. Every exception means that the proof is not valid here.
use Firebase\JWT\JWK;
use Firebase\JWT\JWT;

/** Returns the claims. $jwks: the text of jwks.json. $subject: the signed-in user's id, or null if nobody was signed in. */
function verify_proof(string $proof, string $jwks, string $audience, string $purpose, ?string $subject, ?string $context = null): stdClass
{
    $header = new stdClass();
    JWT::$leeway = 60; // for iat: the clocks of two servers may differ. The expiry is compared below, without it.
    $claims = JWT::decode($proof, JWK::parseKeySet(json_decode($jwks, true), 'ES256'), $header); // the key that kid names
    $right = $header->alg === 'ES256'
        && ($header->typ ?? null) === 'verify-contact-proof+jwt'
        && is_int($claims->exp ?? null) && $claims->exp > time()
        && ($claims->aud ?? null) === $audience
        && ($claims->purpose ?? null) === $purpose
        && ($claims->sub ?? null) === $subject
        && ($claims->context ?? null) === $context;
    return $right ? $claims : throw new UnexpectedValueException('The proof is not valid here.');
}
