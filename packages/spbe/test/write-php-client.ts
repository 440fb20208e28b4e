import { writeFileSync } from 'node:fs'
import { openapiDocument } from '../src/openapi/document.js'
import { routes } from '../src/route/index.js'

/** Where the committed client lives. */
export const phpClientFile: URL = new URL('../../../examples/09-php-client/CabutClient.php', import.meta.url)

interface Parameter { readonly name: string; readonly in: 'path' | 'query' | 'header'; readonly required?: boolean }
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly security: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> }
}
interface Document { readonly info: { readonly version: string }; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

/** How a header of the document becomes an argument. Language and role belong to the client, not to the call. */
const headerArguments: Readonly<Record<string, string>> = { 'Idempotency-Key': 'idempotencyKey', 'If-Match': 'ifMatch' }

/** One method of the client. */
function method(verb: string, path: string, { operationId, summary, description, security, parameters = [], requestBody }: Operation): string {
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
  const headers = parameters.filter((one) => one.in === 'header' && one.required === true).map(({ name }) => name)
  const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const form = requestBody?.content['multipart/form-data'] !== undefined
  const json = requestBody?.content['application/json'] !== undefined
  const signature = [
    ...inPath.map((name) => `string $${name}`), ...(form ? ['array $request', 'array $files'] : json ? ['array $request'] : []),
    ...headers.map((name) => `string $${headerArguments[name] ?? name}`), ...(query.length === 0 ? [] : ['array $query = []']),
  ]
  const address = inPath.reduce((text, name) => text.replace(`{${name}}`, `' . rawurlencode($${name}) . '`), `'${path}'`).replace(/ \. ''$/, '')
  const given = [
    ...(form ? ["'request' => $request", "'files' => $files"] : json ? ["'json' => $request"] : []), ...(query.length === 0 ? [] : ["'query' => $query"]),
    ...(headers.length === 0 ? [] : [`'headers' => [${headers.map((name) => `'${name}' => $${headerArguments[name] ?? name}`).join(', ')}]`]), ...(security.length === 0 ? ["'public' => true"] : []),
  ]
  return [
    '    /**', `     * ${description}. (${summary})`, ...(query.length === 0 ? [] : ['     *', `     * @param array $query ${query.join(', ')}`]),
    ...(form ? ["     * @param array $files part name => ['bytes' => ..., 'type' => 'application/pdf']"] : []), '     */',
    `    public function ${operationId}(${signature.join(', ')}): array`, '    {', `        return $this->call('${verb.toUpperCase()}', ${address}, [${given.join(', ')}]);`, '    }',
  ].join('\n')
}

/** The client as it is committed: PHP 7.4 syntax, one file, no Composer. */
export function phpClient(): string {
  const { info, paths } = openapiDocument(routes, '') as unknown as Document
  const methods = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([verb, operation]) => method(verb, path, operation)))
  return `<?php
// Dibuat dari docs/openapi/spbe.yaml; jangan diubah. Generated from docs/openapi/spbe.yaml by
// \`npx tsx --conditions=@cabut/source packages/spbe/test/write-php-client.ts\`; a test compares, another files a request with it.
declare(strict_types=1);

/**
 * Cabut for SPBE portals, version ${info.version} of the interface. Every method answers ['status' => 201, 'headers' => ['etag' => '"1"', ...], 'body' => ...]:
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

${methods.join('\n\n')}

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
                if (!preg_match('~^[\\w-]{1,60}$~', (string) $name)) {
                    throw new InvalidArgumentException('a part is named by letters, digits, _ and -');
                }
                $content .= "--$boundary\\r\\nContent-Disposition: form-data; name=\\"$name\\"; filename=\\"$name\\"\\r\\nContent-Type: {$part['type']}\\r\\n\\r\\n{$part['bytes']}\\r\\n";
            }
            $content .= "--$boundary--\\r\\n";
        } elseif (isset($given['json'])) {
            $headers['Content-Type'] = 'application/json';
            $content = json_encode((object) $given['json'], JSON_THROW_ON_ERROR);
        }
        $lines = [];
        foreach ($headers as $name => $value) {
            if (preg_match('~[\\r\\n]~', $value)) {
                throw new InvalidArgumentException("$name holds a line break");
            }
            $lines[] = "$name: $value";
        }
        $query = ($given['query'] ?? []) === [] ? '' : '?' . http_build_query($given['query']);
        $context = stream_context_create(['http' => [
            'method' => $method, 'header' => $lines, 'content' => $content, 'ignore_errors' => true, 'follow_location' => 0, 'timeout' => $this->timeout,
        ]]);
        $answer = @file_get_contents($this->baseUrl . $path . $query, false, $context);
        if ($answer === false || !preg_match('~^HTTP/\\S+ (\\d{3})~', $http_response_header[0] ?? '', $match)) {
            throw new RuntimeException('no answer; a write may be repeated with the same Idempotency-Key');
        }
        $got = [];
        foreach (array_slice($http_response_header, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $got[strtolower(trim($name))] = trim($value);
        }
        $isJson = preg_match('~^application/(problem\\+)?json~', $got['content-type'] ?? '') === 1;
        return ['status' => (int) $match[1], 'headers' => $got, 'body' => $isJson ? json_decode($answer, true, 64, JSON_THROW_ON_ERROR) : $answer];
    }
}
`
}

if (process.argv[1]?.endsWith('write-php-client.ts') === true) writeFileSync(phpClientFile, phpClient())
