import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactServer, PROXY, startArtifactServer } from './artifact-server.js';

let server: ArtifactServer;
beforeAll(async () => {
  server = await startArtifactServer();
});
afterAll(() => server.stop());

const call = (path: string, init?: RequestInit) => fetch(server.uri + path, init);
const put = (path: string, body: string) => call(`${PROXY}/${path}`, { method: 'PUT', body });
const json = async (path: string, init?: RequestInit) => {
  const response = await call(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the artifact proxy', () => {
  it.each(['api', 'ajax-api'])('writes, reads, lists and deletes under /%s', async (prefix) => {
    const proxy = PROXY.replace('/api', `/${prefix}`);
    const written = await call(`${proxy}/${prefix}/a%20b/x.txt`, { method: 'PUT', body: 'hello' });
    expect([written.status, await written.text()]).toEqual([200, '']);
    expect(await readFile(join(server.root, prefix, 'a b', 'x.txt'), 'utf8')).toBe('hello');
    expect(await (await call(`${proxy}/${prefix}/a%20b/x.txt`)).text()).toBe('hello');
    expect((await json(`${proxy}?path=${prefix}`)).body).toEqual({ files: [{ path: 'a b', is_dir: true }] });
    expect((await json(`${proxy}?path=${prefix}/a%20b/`)).body).toEqual({
      files: [{ path: 'x.txt', is_dir: false, file_size: 5 }],
    });
    expect(await json(`${proxy}/${prefix}/a%20b`, { method: 'DELETE' })).toEqual({ status: 200, body: {} });
    expect(await json(`${proxy}/${prefix}/a%20b`, { method: 'DELETE' })).toEqual({ status: 200, body: {} });
    expect((await json(`${proxy}?path=${prefix}`)).body).toEqual({});
    expect(await readdir(join(server.root, prefix))).toEqual([]);
  });

  it('deletes a folder that is written with a slash behind it, but never the root', async () => {
    await put('slash/x.txt', 'x');
    expect((await call(`${PROXY}/slash/`, { method: 'DELETE' })).status).toBe(200);
    expect(await readdir(server.root)).not.toContain('slash');
    expect((await json(`${PROXY}/`, { method: 'DELETE' })).body['error_code']).toBe('ENDPOINT_NOT_FOUND');
  });

  it('gives files as attachments of the type MLflow gives them', async () => {
    const types: [string, string, string][] = [
      ['page.html', 'text/html', 'attachment; filename=page.html'],
      ['MLmodel', 'text/plain', 'attachment; filename=MLmodel'],
      ['m.json', 'text/plain', 'attachment; filename=m.json'],
      ['plot.PNG', 'image/png', 'attachment; filename=plot.PNG'],
      ['model.bin', 'application/octet-stream', 'attachment; filename=model.bin'],
      ['no-ending', 'application/octet-stream', 'attachment; filename=no-ending'],
      ['two words.csv', 'text/plain', 'attachment; filename="two words.csv"'],
      ['q"u;o.txt', 'text/plain', 'attachment; filename="q\\"u;o.txt"'],
      [
        '．．／x.txt',
        'text/plain',
        "attachment; filename=..x.txt; filename*=UTF-8''%EF%BC%8E%EF%BC%8E%EF%BC%8Fx.txt",
      ],
      [
        'résumé.svg',
        'image/svg+xml',
        "attachment; filename=resume.svg; filename*=UTF-8''r%C3%A9sum%C3%A9.svg",
      ],
      [
        "日'本.txt",
        'text/plain',
        "attachment; filename=\"'.txt\"; filename*=UTF-8''%E6%97%A5%27%E6%9C%AC.txt",
      ],
    ];
    for (const [name, type, disposition] of types) {
      await put(`types/${encodeURIComponent(name)}`, 'bytes');
      const { headers } = await call(`${PROXY}/types/${encodeURIComponent(name)}`);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toBe(disposition);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-length')).toBe('5');
    }
  });

  it('gives the range that is asked for', async () => {
    await put('range.txt', '0123456789');
    const ranged = async (range: string, more: Record<string, string> = {}) => {
      const response = await call(`${PROXY}/range.txt`, { headers: { range, ...more } });
      return [response.status, response.headers.get('content-range'), (await response.text()).slice(0, 10)];
    };
    expect(await ranged('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ranged('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await ranged('bytes=0-0,2-3')).toEqual([200, null, '0123456789']);
    expect(await ranged('bytes=2-4', { 'if-range': '"other"' })).toEqual([200, null, '0123456789']);
    expect((await ranged('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
    expect((await ranged('words=1-2'))[0]).toBe(400);
    const etag = (await call(`${PROXY}/range.txt`)).headers.get('etag') ?? '';
    expect(await ranged('bytes=2-4', { 'if-range': etag })).toEqual([206, 'bytes 2-4/10', '234']);
  });

  it('answers HEAD with what GET would say', async () => {
    await put('head.txt', '12345');
    const response = await call(`${PROXY}/head.txt`, { method: 'HEAD' });
    expect([response.headers.get('content-length'), await response.text()]).toEqual(['5', '']);
  });

  it('says what is not there, is a folder, or would become one', async () => {
    await put('kind/file.txt', 'x');
    expect((await json(`${PROXY}/kind/none`)).body['error_code']).toBe('RESOURCE_DOES_NOT_EXIST');
    expect(await json(`${PROXY}/kind`)).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE' },
    });
    expect((await put('kind', 'x')).status).toBe(400);
    expect((await put('kind/file.txt/below', 'x')).status).toBe(400);
    expect((await put('', 'x')).status).toBe(400);
    expect((await put('kind/new/', 'x')).status).toBe(400);
    expect(await (await call(`${PROXY}/kind/file.txt/`)).text()).toBe('x');
    await put('kind/empty', '');
    expect((await json(`${PROXY}?path=kind`)).body).toEqual({
      files: [
        { path: 'empty', is_dir: false },
        { path: 'file.txt', is_dir: false, file_size: 1 },
      ],
    });
    expect((await json(`${PROXY}?path=none`)).body).toEqual({});
  });

  it('has no uploads in parts and no presigned urls, in the words that make clients send files whole', async () => {
    const post = (path: string, body: object) =>
      json(`/api/2.0/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    for (const [step, body] of [
      ['create', { path: 'f', num_parts: 2 }],
      ['complete', { path: 'f', upload_id: 'u', parts: [] }],
      ['abort', { path: 'f', upload_id: 'u' }],
    ] as const) {
      const answer = await post(`mlflow-artifacts/mpu/${step}/1/x`, body);
      expect(answer).toMatchObject({ status: 501, body: { error_code: 'NOT_IMPLEMENTED' } });
      expect(answer.body['message']).toMatch(
        /^Multipart upload is not supported for the current artifact repo/,
      );
      expect((await post(`mlflow-artifacts/mpu/${step}/1/x`, {})).status).toBe(400);
      expect((await post(`mlflow-artifacts/mpu/${step}/..%2fx`, body)).status).toBe(400);
    }
    expect((await json('/api/2.0/mlflow-artifacts/presigned/1/x')).status).toBe(501);
    const { runId: run_id, modelId: model_id } = server;
    for (const kind of ['upload', 'download']) {
      const path = `mlflow/artifacts/presigned-${kind}-url`;
      expect((await post(path, { run_id, path: 'a' })).status).toBe(400);
      expect((await post(path, { run_id: 'none', path: 'a' })).status).toBe(404);
      expect((await post(path, { run_id: 'none', path: '../a' })).status).toBe(400);
    }
    const both = await post('mlflow/artifacts/presigned-upload-url', { run_id, model_id, path: 'a' });
    expect(both.body['message']).toMatch(/^one of run_id and model_id/);
  });
});

describe('files of runs, models and versions', () => {
  it('lists those of a run', async () => {
    await put(`${server.runPath}/plots/roc.txt`, 'roc');
    const list = (query: string) => json(`/api/2.0/mlflow/artifacts/list?${query}`);
    const root_uri = `mlflow-artifacts:/${server.runPath}`;
    const file = { path: 'plots/roc.txt', is_dir: false, file_size: 3 };
    expect((await list(`run_id=${server.runId}`)).body).toEqual({
      root_uri,
      files: [{ path: 'plots', is_dir: true }],
    });
    expect((await list(`run_uuid=${server.runId}&path=plots`)).body).toEqual({ root_uri, files: [file] });
    expect((await list(`run_id=${server.runId}&path=plots/roc.txt`)).body).toEqual({ root_uri });
    expect((await list('path=plots')).status).toBe(400);
    expect((await list(`run_id=${'0'.repeat(32)}`)).status).toBe(404);
    expect((await list('run_id=none&path=..')).status).toBe(400);
  });

  it('lists those of a logged model and gives its files', async () => {
    await put(`${server.modelPath}/MLmodel`, 'flavors');
    await put(`${server.modelPath}/data/w.bin`, 'w');
    const model = `/ajax-api/2.0/mlflow/logged-models/${server.modelId}/artifacts`;
    expect((await json(`${model}/directories?artifact_directory_path=data`)).body).toEqual({
      root_uri: `mlflow-artifacts:/${server.modelPath}`,
      files: [{ path: 'data/w.bin', is_dir: false, file_size: 1 }],
    });
    const file = await call(`${model}/files?artifact_file_path=MLmodel`);
    expect([file.status, await file.text()]).toEqual([200, 'flavors']);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename=MLmodel');
    expect((await json(`${model}/files`)).body['error_code']).toBe('BAD_REQUEST');
    expect((await json(`${model}/files?artifact_file_path=data`)).status).toBe(400);
    expect((await json(`${model}/files?artifact_file_path=%252e%252e/x`)).status).toBe(400);
    expect((await json(`${model.replace(server.modelId, 'm-0')}/files?artifact_file_path=a`)).status).toBe(
      404,
    );
  });

  it.each(['/get-artifact', '/ajax-api/2.0/mlflow/get-artifact'])(
    'gives a file of a run at %s',
    async (path) => {
      await put(`${server.runPath}/page.html`, '<b>');
      const response = await call(`${path}?run_uuid=${server.runId}&path=page.html`);
      expect([response.status, await response.text()]).toEqual([200, '<b>']);
      expect(response.headers.get('content-disposition')).toBe('attachment; filename=page.html');
      expect((await call(`${path}?run_id=${server.runId}`)).status).toBe(400);
      expect((await call(`${path}?path=page.html`)).status).toBe(404);
      expect((await call(`${path}?run_id=${server.runId}&path=../x`)).status).toBe(400);
    },
  );

  it('gives a file of a model version, and none from beyond the artifact root', async () => {
    await put(`${server.modelPath}/MLmodel`, 'flavors');
    const elsewhere = join(server.folder, 'elsewhere', 'm-'.padEnd(34, 'a'), 'artifacts');
    await mkdir(elsewhere, { recursive: true });
    await writeFile(join(elsewhere, 'MLmodel'), 'not to be seen');
    await server.registry.createRegisteredModel('m');
    for (const source of [`mlflow-artifacts:/${server.modelPath}`, join(server.root, server.modelPath)]) {
      const { version } = await server.registry.createModelVersion({ name: 'm', source });
      const response = await call(`/model-versions/get-artifact?name=m&version=${version}&path=MLmodel`);
      expect(await response.text()).toBe('flavors');
    }
    for (const source of [elsewhere, `file://${elsewhere}`, 's3://bucket/x', server.folder]) {
      const { version } = await server.registry.createModelVersion({ name: 'm', source });
      const answer = await json(`/model-versions/get-artifact?name=m&version=${version}&path=MLmodel`);
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
      expect(answer.body['message']).toContain('--artifacts');
    }
    expect((await json('/model-versions/get-artifact?name=m&version=99&path=a')).status).toBe(404);
    expect((await json('/model-versions/get-artifact?name=m&version=1')).status).toBe(400);
  });

  it('takes a small file of the UI', async () => {
    const upload = (query: string, body: string) =>
      call(`/ajax-api/2.0/mlflow/upload-artifact?${query}`, { method: 'POST', body });
    expect((await upload(`run_uuid=${server.runId}&path=up/u.json`, '{}')).status).toBe(200);
    expect(await readFile(join(server.root, server.runPath, 'up', 'u.json'), 'utf8')).toBe('{}');
    expect((await upload(`run_uuid=${server.runId}&path=up/u.json`, '')).status).toBe(400);
    expect((await upload(`run_uuid=${server.runId}`, 'x')).status).toBe(400);
    expect((await upload('path=x', 'x')).status).toBe(400);
    expect((await upload('run_uuid=none&path=x', 'x')).status).toBe(404);
    const large = await upload(`run_uuid=${server.runId}&path=large`, 'x'.repeat(10 * 1024 * 1024 + 1));
    expect(large.status).toBe(400);
    expect(await readdir(join(server.root, server.runPath))).not.toContain('large');
  });

  it('refuses a path before it looks for the owner', async () => {
    expect((await call('/get-artifact?run_id=none&path=..')).status).toBe(400);
    expect((await call('/get-artifact?run_id=none&path=a')).status).toBe(404);
  });
});
