// Package proofs verifies a proof with golang-jwt. With version 5, only the import's last letter changes.
package proofs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// Expected is what a proof must say. Subject and Context are strings, or nil: nobody was signed in, the page set no context.
type Expected struct {
	Audience, Purpose string
	Subject, Context  any
}

var errInvalid = errors.New("the proof is not valid here")

// Verify returns the claims. jwks is the text of jwks.json. Every error means that the proof is not valid here.
func Verify(proof string, jwks []byte, want Expected) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"ES256"}), jwt.WithoutClaimsValidation())
	token, err := parser.ParseWithClaims(proof, claims, func(token *jwt.Token) (any, error) {
		return keyOf(jwks, token.Header["kid"])
	})
	if err != nil {
		return nil, err
	}
	expiry, _ := claims["exp"].(float64)
	right := token.Header["typ"] == "verify-contact-proof+jwt" &&
		int64(expiry) > time.Now().Unix() &&
		claims["aud"] == want.Audience &&
		claims["purpose"] == want.Purpose &&
		claims["sub"] == want.Subject &&
		claims["context"] == want.Context
	if !right {
		return nil, errInvalid
	}
	return claims, nil
}

// keyOf reads the key with this id out of jwks.json, since golang-jwt reads no JWK.
func keyOf(jwks []byte, kid any) (*ecdsa.PublicKey, error) {
	var set struct{ Keys []struct{ Kid, Crv, X, Y string } }
	if err := json.Unmarshal(jwks, &set); err != nil {
		return nil, err
	}
	for _, key := range set.Keys {
		if key.Kid != kid || key.Crv != "P-256" {
			continue
		}
		x, errX := base64.RawURLEncoding.DecodeString(key.X)
		y, errY := base64.RawURLEncoding.DecodeString(key.Y)
		if errX != nil || errY != nil {
			return nil, errInvalid
		}
		return &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}, nil
	}
	return nil, errInvalid
}
