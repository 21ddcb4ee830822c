# Checks many proofs with examples/proofs/verify_proof.rb in one process: cases in, claims or null out.
require "./verify_proof"

asked = JSON.parse($stdin.read)
answers = asked["cases"].map do |one|
  verify_proof(one["proof"], jwks: asked["jwks"], audience: asked["audience"],
                             purpose: one["purpose"], subject: one["subject"], context: one["context"])
rescue StandardError
  nil
end
puts JSON.generate(answers)
