"""Checks many proofs with examples/proofs/verify_proof.py in one process: cases in, claims or null out."""
import json
import sys

from verify_proof import verify_proof

asked = json.load(sys.stdin)


def answer(case):
    try:
        return verify_proof(
            case["proof"], asked["jwks"], asked["audience"], case["purpose"], case["subject"], case["context"]
        )
    except Exception:
        return None


print(json.dumps([answer(case) for case in asked["cases"]]))
