<?php
// Satu berkas, tanpa Composer, sintaks PHP 7.4: portal Laravel atau PHP biasa mengajukan permohonan dan memeriksa webhook Cabut.
// One file, no Composer, PHP 7.4 syntax: a Laravel or plain PHP portal files a request and verifies a Cabut webhook.
//
//   php client.php file BASE_URL PRIVATE_KEY.pem CERTIFICATE LETTER.pdf
//   php client.php verify   (WEBHOOK_SECRET, WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE in the environment, the raw body on stdin)
declare(strict_types=1);

function cabut_base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** A short token for the person of this session, signed with the portal's own key (RS256). The portal answers for it: it is recorded as asserted by the portal. */
function cabut_token(string $privateKeyPem, string $keyId, string $issuer, string $audience, string $person, string $role, string $opd): string
{
    $now = time();
    $header = ['alg' => 'RS256', 'typ' => 'JWT', 'kid' => $keyId];
    $claims = ['iss' => $issuer, 'aud' => $audience, 'sub' => $person, 'roles' => [$role], 'opd' => $opd, 'iat' => $now, 'exp' => $now + 120];
    $content = cabut_base64url(json_encode($header, JSON_THROW_ON_ERROR)) . '.' . cabut_base64url(json_encode($claims, JSON_THROW_ON_ERROR));
    if (!openssl_sign($content, $signature, $privateKeyPem, OPENSSL_ALGO_SHA256)) {
        throw new RuntimeException('the token could not be signed');
    }
    return $content . '.' . cabut_base64url($signature);
}

/** Files a request: the JSON part, the letter and the certificate as one form. Repeat it with the same key after a lost connection: it is filed once. */
function cabut_file(string $baseUrl, string $token, string $idempotencyKey, array $request, string $certificate, string $letter): array
{
    $boundary = 'cabut-' . bin2hex(random_bytes(16));
    $body = '';
    $parts = [
        ['request', 'application/json', json_encode($request, JSON_THROW_ON_ERROR)],
        ['sertifikat', 'application/octet-stream', $certificate],
        ['surat', 'application/pdf', $letter],
    ];
    foreach ($parts as [$name, $type, $bytes]) {
        $body .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"; filename=\"$name\"\r\nContent-Type: $type\r\n\r\n$bytes\r\n";
    }
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => [
            "Authorization: Bearer $token", "Content-Type: multipart/form-data; boundary=$boundary",
            "Idempotency-Key: $idempotencyKey", 'Accept-Language: id',
        ],
        'content' => $body . "--$boundary--\r\n",
        'ignore_errors' => true, // an answer of 4xx or 5xx is an answer: problem+json with a stable code
        'follow_location' => 0,
        'timeout' => 30,
    ]]);
    $answer = file_get_contents("$baseUrl/v1/requests", false, $context);
    if ($answer === false || !preg_match('~^HTTP/\S+ (\d{3})~', $http_response_header[0] ?? '', $match)) {
        throw new RuntimeException('no answer: repeat with the same Idempotency-Key');
    }
    return [(int) $match[1], json_decode($answer, true, 64, JSON_THROW_ON_ERROR)];
}

/** Verifies a delivery (Standard Webhooks). Give the raw body, never one parsed and printed again; drop an id handled before. */
function cabut_verify_webhook(string $secret, string $id, string $timestamp, string $signatures, string $body, int $now): bool
{
    if (!preg_match('~^\d{1,12}$~', $timestamp) || abs($now - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen('whsec_')), true);
    if ($key === false) {
        return false;
    }
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (array_slice(explode(' ', $signatures), 0, 10) as $signature) {
        if (hash_equals($expected, $signature)) {
            return true;
        }
    }
    return false;
}

if (PHP_SAPI === 'cli' && isset($argv[0]) && realpath($argv[0]) === __FILE__) {
    if (($argv[1] ?? '') === 'file' && count($argv) === 6) {
        [, , $baseUrl, $keyFile, $certificateFile, $letterFile] = $argv;
        $token = cabut_token(file_get_contents($keyFile), 'portal-1', 'https://portal.contoh.go.id', 'cabut', 'surya.wibisana', 'opd', 'dindik');
        $request = [
            'certificate' => ['part' => 'sertifikat', 'username' => 'laras.kinanti'],
            'reason' => 'mutasi',
            'applicant' => ['name' => 'Surya Wibisana'],
            'holder' => ['id' => 'laras.kinanti', 'username' => 'laras.kinanti'],
            'letters' => [['part' => 'surat', 'kind' => 'requestLetter', 'number' => '800/15/DINDIK', 'date' => '2026-11-19']],
        ];
        $key = bin2hex(random_bytes(16));
        [$status, $filed] = cabut_file($baseUrl, $token, $key, $request, file_get_contents($certificateFile), file_get_contents($letterFile));
        [, $again] = cabut_file($baseUrl, $token, $key, $request, file_get_contents($certificateFile), file_get_contents($letterFile));
        echo $status, ' ', $filed['register'] ?? $filed['code'], ' ', $filed['statusLabel'] ?? $filed['title'], ' ', ($again['id'] ?? null) === ($filed['id'] ?? '') ? 'sekali' : 'ganda', PHP_EOL;
        exit($status === 201 ? 0 : 1);
    }
    if (($argv[1] ?? '') === 'verify') {
        $valid = cabut_verify_webhook(
            (string) getenv('WEBHOOK_SECRET'), (string) getenv('WEBHOOK_ID'), (string) getenv('WEBHOOK_TIMESTAMP'), (string) getenv('WEBHOOK_SIGNATURE'),
            (string) file_get_contents('php://stdin'), time()
        );
        echo $valid ? 'sah' : 'tidak sah', PHP_EOL;
        exit($valid ? 0 : 1);
    }
    fwrite(STDERR, "php client.php file BASE_URL PRIVATE_KEY.pem CERTIFICATE LETTER.pdf | php client.php verify\n");
    exit(2);
}
