/** Why tests that score ONNX graphs in Node are skipped; undefined where onnxruntime-node is installed. */
export const reasonToSkipOnnx: string | undefined = await (async () => {
  const peer: string = 'onnxruntime-node';
  try {
    await import(peer);
    return undefined;
  } catch {
    return 'no onnxruntime-node: bash test/parity/setup.sh installs it';
  }
})();
