// Verifies a proof with Microsoft.IdentityModel.JsonWebTokens. Every exception means that the proof is not valid here.
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

public static class Proofs
{
    /// <summary>Returns the claims. jwks: the text of jwks.json. subject: the signed-in user's id, or null if nobody was signed in.</summary>
    public static async Task<JsonWebToken> VerifyAsync(
        string proof, string jwks, string audience, string purpose, string? subject, string? context = null)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(proof, new TokenValidationParameters
        {
            ValidAlgorithms = new[] { SecurityAlgorithms.EcdsaSha256 },
            ValidTypes = new[] { "verify-contact-proof+jwt" },
            IssuerSigningKeys = new JsonWebKeySet(jwks).GetSigningKeys(),
            TryAllIssuerSigningKeys = false, // only the key that kid names
            ValidAudience = audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidateIssuer = false,
            ClockSkew = TimeSpan.Zero,
        });
        if (!result.IsValid) throw result.Exception;
        var token = (JsonWebToken)result.SecurityToken;
        string? Claim(string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
        if (token.Audiences.Count() != 1 || Claim("purpose") != purpose || Claim("sub") != subject || Claim("context") != context)
            throw new SecurityTokenValidationException("The proof is not valid here.");
        return token;
    }
}
