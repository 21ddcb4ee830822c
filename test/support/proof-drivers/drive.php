<?php
// Checks many proofs with examples/proofs/verify_proof.php in one process: cases in, claims or null out.
ini_set('display_errors', 'stderr');
require $argv[1];
require './verify_proof.php';

$asked = json_decode(stream_get_contents(STDIN));
$answer = function (stdClass $case) use ($asked): ?stdClass {
    try {
        return verify_proof($case->proof, $asked->jwks, $asked->audience, $case->purpose, $case->subject, $case->context);
    } catch (Throwable) {
        return null;
    }
};
echo json_encode(array_map($answer, $asked->cases), JSON_UNESCAPED_SLASHES), "\n";
