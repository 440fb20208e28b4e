<?php
// Dibuat dari docs/openapi/spbe.yaml; jangan diubah. Generated from docs/openapi/spbe.yaml by
// `npx tsx --conditions=@cabut/source packages/spbe/test/write-php-client.ts`; a test compares, another files a request with it.
declare(strict_types=1);

/**
 * Cabut for SPBE portals, version 1.0.0 of the interface. Every method answers ['status' => 201, 'headers' => ['etag' => '"1"', ...], 'body' => ...]:
 * 'body' is the decoded JSON, or the bytes of a download. An answer of 4xx or 5xx is an answer too: problem+json with a stable 'code'.
 */
final class CabutClient
{
    private string $baseUrl;
    /** @var callable(): string */
    private $token;
    private string $language;
    private float $timeout;

    /** @param callable(): string $token gives a bearer token for the next call */
    public function __construct(string $baseUrl, callable $token, string $language = 'id', float $timeout = 30.0)
    {
        $this->baseUrl = rtrim($baseUrl, '/');
        $this->token = $token;
        $this->language = $language;
        $this->timeout = $timeout;
    }

    /**
     * Proses hidup. (The process lives)
     */
    public function live(): array
    {
        return $this->call('GET', '/health/live', ['public' => true]);
    }

    /**
     * Siap melayani. (Ready to serve)
     */
    public function ready(): array
    {
        return $this->call('GET', '/health/ready', ['public' => true]);
    }

    /**
     * Dokumen OpenAPI ini. (This OpenAPI document)
     */
    public function readOpenapi(): array
    {
        return $this->call('GET', '/openapi.json', ['public' => true]);
    }

    /**
     * Standar pelayanan. (The service standard)
     */
    public function readStandard(): array
    {
        return $this->call('GET', '/v1/standard', ['public' => true]);
    }

    /**
     * Alasan pencabutan yang ditawarkan. (Reasons offered)
     */
    public function readReasons(): array
    {
        return $this->call('GET', '/v1/reasons', ['public' => true]);
    }

    /**
     * Mengajukan permohonan pencabutan dengan surat. (File a request with its letters)
     * @param array $files part name => ['bytes' => ..., 'type' => 'application/pdf']
     */
    public function fileRequest(array $request, array $files, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/requests', ['request' => $request, 'files' => $files, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Daftar permohonan yang boleh dilihat. (Requests the caller may see)
     *
     * @param array $query status, cursor, limit
     */
    public function listRequests(array $query = []): array
    {
        return $this->call('GET', '/v1/requests', ['query' => $query]);
    }

    /**
     * Membaca satu permohonan. (Read one request)
     */
    public function readRequest(string $id): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id), []);
    }

    /**
     * Permohonan sebagai tiket. (The request as a ticket)
     */
    public function readTicket(string $id): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/ticket', []);
    }

    /**
     * Riwayat tersegel. (Sealed history)
     */
    public function readHistory(string $id): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/history', []);
    }

    /**
     * Data pribadi, bila langkahnya memerlukan. (Personal values, where a step needs them)
     */
    public function readPersonal(string $id): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/personal', []);
    }

    /**
     * Melampirkan surat. (Attach a letter)
     * @param array $files part name => ['bytes' => ..., 'type' => 'application/pdf']
     */
    public function attachLetter(string $id, array $request, array $files, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/letters', ['request' => $request, 'files' => $files, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menjawab dengan surat. (Answer by letter)
     * @param array $files part name => ['bytes' => ..., 'type' => 'application/pdf']
     */
    public function answerRequest(string $id, array $request, array $files, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/answer', ['request' => $request, 'files' => $files, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Status langsung (server-sent events). (Live status (server-sent events))
     */
    public function watchRequest(string $id): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/live', []);
    }

    /**
     * Mengubah permohonan. (Amend)
     */
    public function amendRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/amend', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mengajukan konsep. (Submit a draft)
     */
    public function submitRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/submit', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menerima dan membaca. (Receive and read)
     */
    public function receiveRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/receive', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mendisposisikan. (Dispose)
     */
    public function disposeRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/dispose', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mendisposisikan ulang. (Dispose again)
     */
    public function redisposeRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/redispose', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Membatalkan disposisi yang belum dibaca. (Cancel an unread disposition)
     */
    public function cancelDisposition(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/cancel-disposition', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mencatat hasil pemeriksaan. (Record findings)
     */
    public function verifyRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/verify', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mengembalikan untuk perbaikan. (Return for correction)
     */
    public function returnRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/return', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menyetujui. (Approve)
     */
    public function approveRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/approve', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menolak. (Reject)
     */
    public function rejectRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/reject', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menarik permohonan. (Withdraw)
     */
    public function withdrawRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/withdraw', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mempercepat (kunci bocor). (Expedite (key compromise))
     */
    public function expediteRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/expedite', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Melaksanakan. (Execute)
     */
    public function executeRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/execute', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mengesahkan tindakan darurat. (Ratify an emergency act)
     */
    public function ratifyRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/ratify', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menunda untuk diperiksa di AMS. (Park until somebody looked in AMS)
     */
    public function parkRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/park', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mencatat yang dilakukan atau dilihat di AMS. (Record what was done or seen in AMS)
     */
    public function recordAms(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/record-ams', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mencatat hasil pemeriksaan di AMS. (Record what was found in AMS)
     */
    public function resumeRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/resume', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menyelesaikan pertentangan bukti. (Resolve a contradiction)
     */
    public function resolveRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/resolve', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mengaktifkan kembali sertifikat. (Resume the certificate)
     */
    public function resumeCertificate(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/resume-certificate', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mencatat pemberitahuan. (Record that somebody was told)
     */
    public function notifyParty(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/notify', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Menutup permohonan. (Close the request)
     */
    public function finishRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/finish', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Membuka kembali karena pengaduan. (Reopen by complaint)
     */
    public function reopenRequest(string $id, array $request, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/reopen', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Mengunduh surat, sertifikat, CRL, atau jawaban OCSP. (Download a letter, certificate, CRL or OCSP answer)
     */
    public function downloadEvidence(string $id, string $sha256): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/evidence/' . rawurlencode($sha256), []);
    }

    /**
     * Mengunduh bukti pencabutan. (Download the receipt of proof)
     *
     * @param array $query form
     */
    public function downloadReceipt(string $id, array $query = []): array
    {
        return $this->call('GET', '/v1/requests/' . rawurlencode($id) . '/receipt', ['query' => $query]);
    }

    /**
     * Menyerahkan CRL atau jawaban OCSP yang diambil sendiri. (Hand in a CRL or OCSP answer fetched by hand)
     * @param array $files part name => ['bytes' => ..., 'type' => 'application/pdf']
     */
    public function examineEvidence(string $id, array $request, array $files, string $idempotencyKey, string $ifMatch): array
    {
        return $this->call('POST', '/v1/requests/' . rawurlencode($id) . '/evidence', ['request' => $request, 'files' => $files, 'headers' => ['Idempotency-Key' => $idempotencyKey, 'If-Match' => $ifMatch]]);
    }

    /**
     * Token untuk komponen di halaman portal: satu orang, satu permohonan, singkat. (A token for the components in a portal page: one person, one request, short)
     */
    public function mintEmbedToken(array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/embed-tokens', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Menyampaikan pengaduan. (File a complaint)
     */
    public function fileComplaint(array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Pengaduan yang boleh dilihat. (Complaints the caller may see)
     */
    public function listComplaints(): array
    {
        return $this->call('GET', '/v1/complaints', []);
    }

    /**
     * Membaca pengaduan. (Read a complaint)
     */
    public function readComplaint(string $id): array
    {
        return $this->call('GET', '/v1/complaints/' . rawurlencode($id), []);
    }

    /**
     * Menangani pengaduan. (Take it up)
     */
    public function takeComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/take', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Menggolongkan. (Classify)
     */
    public function classifyComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/classify', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Meneruskan ke BSrE. (Pass to BSrE)
     */
    public function passComplaintToBsre(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/pass-to-bsre', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Mencatat jawaban BSrE. (Record BSrE's answer)
     */
    public function recordBsreAnswer(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/bsre-answer', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Meneruskan ke atasan. (Escalate)
     */
    public function escalateComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/escalate', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Menjawab pengaduan. (Answer)
     */
    public function answerComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/answer', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Menolak dengan alasan. (Refuse with reasons)
     */
    public function refuseComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/refuse', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Menutup pengaduan. (Close)
     */
    public function closeComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/close', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    /**
     * Belum puas: membuka kembali. (Not satisfied: reopen)
     */
    public function reopenComplaint(string $id, array $request, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/complaints/' . rawurlencode($id) . '/reopen', ['json' => $request, 'headers' => ['Idempotency-Key' => $idempotencyKey]]);
    }

    private function call(string $method, string $path, array $given): array
    {
        $headers = ['Accept-Language' => $this->language] + ($given['headers'] ?? []);
        if (!isset($given['public'])) {
            $headers['Authorization'] = 'Bearer ' . ($this->token)();
        }
        $content = '';
        if (isset($given['files'])) {
            $boundary = 'cabut-' . bin2hex(random_bytes(16));
            $headers['Content-Type'] = "multipart/form-data; boundary=$boundary";
            $parts = ['request' => ['bytes' => json_encode((object) $given['request'], JSON_THROW_ON_ERROR), 'type' => 'application/json']] + $given['files'];
            foreach ($parts as $name => $part) {
                if (!preg_match('~^[\w-]{1,60}$~', (string) $name)) {
                    throw new InvalidArgumentException('a part is named by letters, digits, _ and -');
                }
                $content .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"; filename=\"$name\"\r\nContent-Type: {$part['type']}\r\n\r\n{$part['bytes']}\r\n";
            }
            $content .= "--$boundary--\r\n";
        } elseif (isset($given['json'])) {
            $headers['Content-Type'] = 'application/json';
            $content = json_encode((object) $given['json'], JSON_THROW_ON_ERROR);
        }
        $lines = [];
        foreach ($headers as $name => $value) {
            if (preg_match('~[\r\n]~', $value)) {
                throw new InvalidArgumentException("$name holds a line break");
            }
            $lines[] = "$name: $value";
        }
        $query = ($given['query'] ?? []) === [] ? '' : '?' . http_build_query($given['query']);
        $context = stream_context_create(['http' => [
            'method' => $method, 'header' => $lines, 'content' => $content, 'ignore_errors' => true, 'follow_location' => 0, 'timeout' => $this->timeout,
        ]]);
        $answer = @file_get_contents($this->baseUrl . $path . $query, false, $context);
        if ($answer === false || !preg_match('~^HTTP/\S+ (\d{3})~', $http_response_header[0] ?? '', $match)) {
            throw new RuntimeException('no answer; a write may be repeated with the same Idempotency-Key');
        }
        $got = [];
        foreach (array_slice($http_response_header, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $got[strtolower(trim($name))] = trim($value);
        }
        $isJson = preg_match('~^application/(problem\+)?json~', $got['content-type'] ?? '') === 1;
        return ['status' => (int) $match[1], 'headers' => $got, 'body' => $isJson ? json_decode($answer, true, 64, JSON_THROW_ON_ERROR) : $answer];
    }
}
