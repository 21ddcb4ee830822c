// Checks many proofs with examples/proofs/verify_proof.go in one process: cases in, claims or null out.
package main

import (
	"encoding/json"
	"os"

	"example.com/proofs"
)

func main() {
	var asked struct {
		Jwks, Audience string
		Cases          []struct {
			Proof, Purpose   string
			Subject, Context any
		}
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	answers := make([]any, len(asked.Cases))
	for index, one := range asked.Cases {
		want := proofs.Expected{Audience: asked.Audience, Purpose: one.Purpose, Subject: one.Subject, Context: one.Context}
		if claims, err := proofs.Verify(one.Proof, []byte(asked.Jwks), want); err == nil {
			answers[index] = claims
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
