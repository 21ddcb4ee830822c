# Verifies a proof with the gem jwt. Every exception means that the proof is not valid here.
require "json"
require "jwt"

# Returns the claims. jwks: the text of jwks.json. subject: the signed-in user's id, or nil if nobody was signed in.
def verify_proof(proof, jwks:, audience:, purpose:, subject:, context: nil)
  keys = JSON.parse(jwks, symbolize_names: true)[:keys].select { |key| key[:crv] == "P-256" }
  options = { algorithms: ["ES256"], jwks: { keys: keys }, required_claims: %w[exp jti] }
  claims, header = JWT.decode(proof, nil, true, options) # the key is the one that the header's kid names
  right = header["typ"] == "verify-contact-proof+jwt" &&
          claims["aud"] == audience &&
          claims["purpose"] == purpose &&
          claims["sub"] == subject &&
          claims["context"] == context
  raise JWT::DecodeError, "The proof is not valid here." unless right

  claims
end
