// Checks many proofs with examples/proofs/VerifyProof.java in one process: cases in, claims or null out.
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;

public final class Drive {
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> asked = JsonUtil.parseJson(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    List<String> answers = new ArrayList<>();
    for (Object one : (List<?>) asked.get("cases")) {
      Map<?, ?> given = (Map<?, ?>) one;
      answers.add(answer(asked, (String) given.get("proof"), (String) given.get("purpose"),
          (String) given.get("subject"), (String) given.get("context")));
    }
    System.out.println(answers);
  }

  private static String answer(Map<String, Object> asked, String proof, String purpose, String subject, String context) {
    try {
      return VerifyProof.verify(
          proof, (String) asked.get("jwks"), (String) asked.get("audience"), purpose, subject, context).toJson();
    } catch (Exception refused) {
      return "null";
    }
  }
}
