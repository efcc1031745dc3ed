import { describe, expect, it } from 'vitest';
import { type ErrorCode, PhantomNetError } from '#src/core/index.js';
import { errorClassOnTheWire, errorFromAnswer, MLFLOW_ERRORS } from '#src/mlflow/index.js';

const answer = (body: object | string, status = 400) =>
  errorFromAnswer('POST runs/create', status, typeof body === 'string' ? body : JSON.stringify(body));

describe('MLflow error codes', () => {
  it.each(Object.entries(MLFLOW_ERRORS))('reads %s whatever the status', (code, { means, status }) => {
    const error = answer({ error_code: code, message: 'what went wrong' }, 418);
    expect(error.code).toBe(means);
    expect(error.message).toBe('what went wrong');
    expect(error.details).toMatchObject({ call: 'POST runs/create', mlflowCode: code });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it.each<[number, string, ErrorCode]>([
    [401, 'You are not authenticated', 'PERMISSION_DENIED'],
    [403, '', 'PERMISSION_DENIED'],
    [404, '<html>Not Found</html>', 'UNSUPPORTED'],
    [409, '{}', 'CONFLICT'],
    [413, 'too large', 'INVALID_PARAMETER'],
    [429, 'null', 'UNAVAILABLE'],
    [500, '{"error_code": 7}', 'UNAVAILABLE'],
    [502, '[]', 'UNAVAILABLE'],
    [400, '{"error_code": "toString"}', 'INVALID_PARAMETER'],
  ])('falls back on status %i with body %j', (status, body, code) => {
    const error = answer(body, status);
    expect(error.code).toBe(code);
    expect(error.message).toBe(`the server answered ${status} to POST runs/create`);
  });

  it('says how to sign in', () => {
    expect(answer('', 401).hint).toContain('MLFLOW_TRACKING_TOKEN');
    expect(answer('', 413).hint).toContain('limit of the proxy');
    expect(answer('', 404).hint).toContain('MLflow server');
    expect(answer('', 503).hint).toContain('try again later');
    expect(answer('', 403).hint).toContain('permission');
  });

  it.each([
    ['GET 2.0/mlflow/registered-models/get', 'see phantomnet models list'],
    ['GET 2.0/mlflow/registered-models/alias', 'see phantomnet models list'],
    ['GET 2.0/mlflow/model-versions/get', 'see phantomnet models list'],
    ['GET 2.0/mlflow/runs/get', 'see phantomnet runs list'],
    ['POST 2.0/mlflow/runs/log-batch', 'see phantomnet runs list'],
    ['GET 2.0/mlflow/metrics/get-history', 'see phantomnet runs list'],
    ['GET 2.0/mlflow/experiments/get', 'see phantomnet runs list'],
    ['GET 2.0/mlflow/logged-models/{model_id}', 'see phantomnet runs list'],
    ['GET 2.0/mlflow-artifacts/artifacts/x', 'see phantomnet runs list'],
  ])('says where to look for what %s did not find', (call, part) => {
    const body = JSON.stringify({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'not here' });
    const error = errorFromAnswer(call, 404, body);
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'not here' });
    expect(error.hint).toContain(part);
  });

  it('reads the other form of MLflow too', () => {
    expect(answer({ detail: 'it is a folder' }).message).toBe('it is a folder');
  });

  it('cuts and escapes a hostile message', () => {
    const error = answer({
      error_code: 'BAD_REQUEST',
      message: `red \u001b[31m\u202e ${'x'.repeat(9_999)}\nSELECT secret`,
    });
    expect(error.message).toContain('red \\u001b[31m\\u202e x');
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toContain('SELECT');
  });
});

describe('the classes of errors', () => {
  const error = (details: object = {}) =>
    new PhantomNetError('INVALID_PARAMETER', 'wrong', { details: { ...details } });

  it.each([
    ['BAD_REQUEST', 'KAM00', 'INVALID_PARAMETER_VALUE'],
    ['RESOURCE_ALREADY_EXISTS', 'KAM00', 'RESOURCE_ALREADY_EXISTS'],
    ['RESOURCE_DOES_NOT_EXIST', 'KAM00', 'RESOURCE_NOT_FOUND'],
    ['INVALID_STATE', 'XXM00', 'CLIENT_INTERNAL_ERROR'],
  ] as const)('of %s are %s %s', (code, sqlstate, error_class) => {
    expect(errorClassOnTheWire(error(), code)).toEqual({ sqlstate, error_class });
  });

  it('are named by the error where they are finer than its code, and are none for some codes', () => {
    const finer = errorClassOnTheWire(
      error({ errorClass: 'ATTRIBUTE_NOT_FOUND' }),
      'INVALID_PARAMETER_VALUE',
    );
    expect(finer).toEqual({ sqlstate: 'KAM04', error_class: 'ATTRIBUTE_NOT_FOUND' });
    expect(errorClassOnTheWire(error({ errorClass: 'toString' }), 'NOT_IMPLEMENTED')).toEqual({});
  });
});
