// Verifies a proof with jose4j (org.bitbucket.b_c:jose4j). Every exception means that the proof is not valid here.
import java.util.List;
import java.util.Objects;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;

public final class VerifyProof {
  /** Returns the claims. jwks: the text of jwks.json. subject: the signed-in user's id, or null if nobody was signed in. */
  public static JwtClaims verify(
      String proof, String jwks, String audience, String purpose, String subject, String context) throws Exception {
    JwtClaims claims = new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
        .setVerificationKeyResolver(new JwksVerificationKeyResolver(new JsonWebKeySet(jwks).getJsonWebKeys())) // by kid
        .setExpectedType(true, "verify-contact-proof+jwt")
        .setExpectedAudience(audience)
        .setRequireExpirationTime()
        .setRequireJwtId()
        .build()
        .processToClaims(proof);
    boolean right = claims.getAudience().equals(List.of(audience))
        && purpose.equals(claims.getStringClaimValue("purpose"))
        && Objects.equals(claims.getSubject(), subject)
        && Objects.equals(claims.getStringClaimValue("context"), context);
    if (!right) throw new SecurityException("The proof is not valid here.");
    return claims;
  }
}
